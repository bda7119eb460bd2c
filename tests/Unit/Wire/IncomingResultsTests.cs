using System.Buffers.Binary;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Rpc;

namespace MultiProc.Unit.Wire;

public sealed class IncomingResultsTests
{
    private const long Unit = 7;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(100)]
    [InlineData(WorkerLink.PartLength)]
    [InlineData(WorkerLink.PartLength + 1)]
    [InlineData((2 * WorkerLink.PartLength) + 12_345)]
    public async Task A_body_arrives_whole_in_however_many_parts_it_comes(int length)
    {
        await using var pair = new WorkerLinkPair();
        await using var host = pair.LinkHost();
        var results = new IncomingResults(buffers: null);
        var body = Item(length);
        var (parts, done) = (0, new TaskCompletionSource<bool>());
        host.On(Methods.Part, (long unit, ReadOnlyMemory<byte> part) =>
        {
            parts++;
            results.AddPart(unit, part.Span, isAwaited: true);
        });
        host.On(Methods.Done, (ReadOnlyMemory<byte> records) =>
        {
            var record = ResultRecord.ReadAll(records, results).Single();
            done.SetResult(record is { Id: Unit, Kind: RecordKind.Values, FirstItem: 3, Count: 1 } && record.Body.Span.SequenceEqual(body));
            results.EndMessage();
        });
        host.Start();

        pair.Link.NotifyRecord(Unit, RecordKind.Values, 3, body);

        Assert.True(await done.Task.WaitAsync(MaxWait, TestContext.Current.CancellationToken));
        Assert.Equal((body.Length - 1) / WorkerLink.PartLength, parts);
    }

    [Fact]
    public void A_report_may_come_in_parts_too()
    {
        var results = new IncomingResults(buffers: null);
        results.AddPart(Unit, [1, 2], isAwaited: true);

        var value = results.Report(Unit, new byte[] { 3 }, out var parts);

        Assert.Equal([1, 2, 3], value.ToArray());
        parts!.Dispose();
        Assert.Throws<ObjectDisposedException>(() => value.Span.Length);
        Assert.Equal([4], results.Report(Unit, new byte[] { 4 }, out parts).ToArray());
        Assert.Null(parts);
    }

    [Fact]
    public void Parts_for_which_nobody_waits_are_counted_but_not_kept()
    {
        string? refused = null;
        var results = new IncomingResults(buffers: null, 1_000_000, reason => refused = reason);
        results.AddPart(Unit, new byte[1_000_000], isAwaited: false);

        Assert.Throws<InvalidDataException>(() => results.AddPart(Unit, new byte[100_000], isAwaited: false));
        Assert.Contains("1000000", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_in_parts_goes_when_its_message_has_ended()
    {
        var results = new IncomingResults(buffers: null);
        results.AddPart(Unit, Item(100).AsSpan(0, 50), isAwaited: true);
        var record = ResultRecord.ReadAll(Record(Unit, Item(100)[50..]), results).Single();
        Assert.Equal(Item(100), record.Body.ToArray());

        results.EndMessage();

        Assert.Throws<ObjectDisposedException>(() => record.Body.Span.Length);
    }

    [Theory]
    [InlineData(999, true)]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    public void A_result_is_held_to_its_limit_wherever_it_is(int length, bool isAllowed)
    {
        string? refused = null;
        var results = new IncomingResults(buffers: null, 1_000, reason => refused = reason);
        var item = Item(length);

        var direct = Xunit.Record.Exception(() => ResultRecord.ReadAll(Record(Unit, item), results).ToList());
        results.AddPart(Unit, item.AsSpan(0, 500), isAwaited: true);
        var inParts = Xunit.Record.Exception(() => ResultRecord.ReadAll(Record(Unit, item[500..]), results).ToList());
        results.EndMessage();
        var report = Xunit.Record.Exception(() => results.Report(Unit, new byte[length], out _));

        Assert.All([direct, inParts, report], error => Assert.Equal(isAllowed, error is null));
        Assert.Equal(isAllowed, refused is null);
    }

    [Fact]
    public void Small_items_together_may_be_more_than_one_may_be()
    {
        var results = new IncomingResults(buffers: null, 1_000);
        byte[] items = [.. Item(900), .. Item(900)];

        Assert.Equal(items, ResultRecord.ReadAll(Record(Unit, items, count: 2), results).Single().Body.ToArray());
    }

    [Theory]
    [InlineData(8, nameof(RecordKind.Values), 1)]
    [InlineData(7, nameof(RecordKind.Values), 2)]
    [InlineData(7, nameof(RecordKind.Returned), 1)]
    [InlineData(7, nameof(RecordKind.Placed), 1)]
    public void Parts_go_on_with_a_record_of_one_item_of_their_unit(long unit, string kind, int count)
    {
        var results = new IncomingResults(buffers: null);
        results.AddPart(Unit, new byte[100], isAwaited: true);

        Assert.Throws<InvalidDataException>(() => ResultRecord.ReadAll(Record(unit, new byte[16], count, Enum.Parse<RecordKind>(kind)), results).ToList());
    }

    [Fact]
    public void Credit_ends_with_the_number_of_reports_or_their_bytes()
    {
        var credit = new ReportCredit();
        for (var i = 0; i < ReportCredit.MaxReports; i++)
        {
            Assert.True(credit.TryTake(1));
        }

        Assert.False(credit.TryTake(1));
        credit.Return(ReportCredit.MaxReports, ReportCredit.MaxReports);
        Assert.True(credit.TryTake(10 * ReportCredit.MaxBytes));
        Assert.False(credit.TryTake(0));
        credit.Return(1, 10 * ReportCredit.MaxBytes);
        Assert.True(credit.TryTake(ReportCredit.MaxBytes));
        Assert.True(credit.TryTake(0));
        Assert.False(credit.TryTake(1));
    }

    private static byte[] Item(int length)
    {
        var item = new byte[4 + length];
        new Random(length).NextBytes(item);
        BinaryPrimitives.WriteInt32LittleEndian(item, length);
        return item;
    }

    private static byte[] Record(long unit, byte[] body, int count = 1, RecordKind kind = RecordKind.Values)
    {
        var bytes = new byte[ResultRecord.HeaderLength + body.Length];
        ResultRecord.WriteHeader(bytes, unit, kind, 0, count, body.Length);
        body.CopyTo(bytes, ResultRecord.HeaderLength);
        return bytes;
    }
}
