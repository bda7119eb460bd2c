using CsCheck;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Status;

namespace MultiProc.Unit.Wire;

public sealed class StatusPageTests : IDisposable
{
    private const int CopiesOffset = 64;
    private const int CopyLength = 64;

    private readonly StatusPage _host = StatusPage.Create();
    private readonly StatusPage _worker;
    private readonly SharedMemory _memory;

    public StatusPageTests()
    {
        _worker = StatusPage.Attach(_host.Handle);
        _memory = SharedMemory.Attach(_host.Handle);
    }

    public void Dispose()
    {
        _worker.Dispose();
        _memory.Dispose();
        _host.Dispose();
    }

    [Fact]
    public void A_new_page_says_that_nothing_is_running() => Assert.Equal(0, Assert.NotNull(_host.Read()).Unit);

    [Fact]
    public void What_the_worker_writes_the_host_reads()
    {
        _worker.Begin(7, 3, 100, isDecoded: false);
        Assert.Equal((7, 3, 100, false), Told());
        _worker.StartClock(7, 3, 200);
        Assert.Equal((7, 3, 200, true), Told());
        _worker.EndUnit();
        Assert.Equal(0, _host.Read()?.Unit);
    }

    [Fact]
    public void Bytes_of_one_value_are_no_status_whatever_the_value()
    {
        for (var value = 0; value <= byte.MaxValue; value++)
        {
            Bytes(0, 192).Fill((byte)value);
            Assert.Null(_host.Read());
            Assert.Null(_host.ExitCode);
            Assert.False(_host.IsTokenTaken(1, 0));
        }
    }

    [Fact]
    public void A_status_with_any_byte_changed_is_none() =>
        Gen.Select(Gen.Long, Gen.Int, Gen.Long, Gen.Int[0, 39], Gen.Byte[1, 255]).Sample(
            (unit, item, begun, at, change) =>
            {
                _worker.Begin(unit, item, begun, isDecoded: true);
                var sequence = _host.Read()!.Value.Sequence;
                Bytes(CopiesOffset + ((int)(sequence & 1) * CopyLength), CopyLength)[at] ^= change;
                Assert.NotEqual(sequence, _host.Read()?.Sequence ?? 0);
            },
            iter: 3_000, threads: 1);

    [Fact]
    public void A_worker_that_dies_while_it_writes_leaves_what_it_had_written_before()
    {
        for (var written = 0; written < CopyLength; written++)
        {
            _worker.Begin(1, written, 1, isDecoded: true);
            var before = _host.Read();
            var next = CopiesOffset + ((int)((before!.Value.Sequence + 1) & 1) * CopyLength);
            var old = Bytes(next, CopyLength).ToArray();
            _worker.Begin(2, 7, 2, isDecoded: true);
            var torn = Bytes(next, CopyLength).ToArray();
            old.AsSpan(written).CopyTo(torn.AsSpan(written));
            torn.CopyTo(Bytes(next, CopyLength));

            Assert.True(_host.Read() == before || written >= 40, $"After {written} bytes it says {_host.Read()}, not {before}.");
        }
    }

    [Fact]
    public void A_page_that_was_damaged_is_whole_again_after_the_next_item_began()
    {
        Bytes(0, 192).Clear();
        _worker.Begin(7, 3, 100, isDecoded: true);

        Assert.Equal((7, 3, 100, true), Told());
    }

    [Fact]
    public void A_token_counts_for_the_item_to_which_it_was_handed()
    {
        _worker.NoteToken(5, 2);

        Assert.True(_host.IsTokenTaken(5, 2));
        Assert.False(_host.IsTokenTaken(5, 3));
        Assert.False(_host.IsTokenTaken(6, 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-1)]
    public void An_exit_code_is_told(int code)
    {
        Assert.Null(_host.ExitCode);
        _worker.NoteExit(code);
        Assert.Equal(code, _host.ExitCode);
    }

    [Fact]
    public async Task While_the_worker_writes_the_host_reads_nothing_that_was_never_written()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var writing = Task.Factory.StartNew(
            () =>
            {
                for (var item = 0; !end.IsCancellationRequested; item++)
                {
                    _worker.Begin(item + 1L, item, item + 2L, isDecoded: true);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var last = 0L;
        while (!writing.IsCompleted)
        {
            if (_host.Read() is { Unit: > 0 } status)
            {
                Assert.Equal((status.Item + 1L, status.Item + 2L), (status.Unit, status.Begun));
                Assert.True(status.Sequence >= last - 1, $"{status.Sequence} after {last}");
                last = status.Sequence;
            }
        }

        await writing;
    }

    private (long Unit, int Item, long Begun, bool IsDecoded) Told()
    {
        var status = Assert.NotNull(_host.Read());
        return (status.Unit, status.Item, status.Begun, status.IsDecoded);
    }

    private unsafe Span<byte> Bytes(int offset, int length) => new(_memory.Pointer + offset, length);
}
