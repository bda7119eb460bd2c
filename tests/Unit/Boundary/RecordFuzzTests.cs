using System.Buffers;
using System.Globalization;
using System.Text;
using MultiProc.Boundary;
using MultiProc.Protocol.Records;

namespace MultiProc.Unit.Boundary;

/// <summary>
/// Record files that nobody's pool wrote, read as <c>multiproc show</c> reads them: whole files with changes anywhere, and files whose hash is right again behind the change. The
/// number and the seed are those of <see cref="FuzzTests"/>.
/// </summary>
public sealed class RecordFuzzTests
{
    private const int Batch = 500;
    private const long MaxBytes = 200_000_000;

    private static readonly int Inputs = int.Parse(Environment.GetEnvironmentVariable("MULTIPROC_FUZZ") ?? "100000", CultureInfo.InvariantCulture) / 40;
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("MULTIPROC_FUZZ_SEED") ?? "0", CultureInfo.InvariantCulture);
    private static readonly byte[] Key = [.. Enumerable.Range(0, RecordHash.KeyLength).Select(static number => (byte)number)];

    [Fact]
    public void Mutated_files_end_in_text_or_a_clear_error() =>
        Try([.. Records().Select(FileOf)], static (seed, random) => Mutate(seed, random));

    [Fact]
    public void Mutated_headers_and_graphs_with_a_right_hash_end_in_text_or_a_clear_error() =>
        Try([.. Records().Select(FileOf)], static (seed, random) =>
        {
            var header = seed.AsSpan().IndexOf((byte)'\n');
            var hash = header + 1 + seed.AsSpan(header + 1).IndexOf((byte)'\n');
            var first = seed[..header];
            var rest = seed[(hash + 1)..];
            if (random.Next(3) == 0)
            {
                first = Mutate(first, random);
            }
            else
            {
                // Of the same length, so that the header still fits.
                for (var changes = random.Next(1, 4); changes > 0; changes--)
                {
                    rest[random.Next(rest.Length)] = (byte)random.Next(256);
                }
            }

            return [.. first, (byte)'\n', .. Encoding.ASCII.GetBytes(RecordHash.LineFor(Key, first, rest)), (byte)'\n', .. rest];
        });

    [Fact]
    public void Files_that_were_cut_short_anywhere_end_in_a_clear_error()
    {
        var file = FileOf(Records()[0]);
        using var place = new Place();
        for (var length = 0; length < file.Length; length++)
        {
            File.WriteAllBytes(place.Path, file.AsSpan(0, length));
            Assert.Throws<InvalidDataException>(() => RecordFile.Read(place.Path));
        }
    }

    [Fact]
    public void Files_as_they_were_written_are_told()
    {
        using var place = new Place();
        File.WriteAllBytes(place.Path, FileOf(Records()[0]));
        Assert.Equal(["captured = {\"factor\": 3}", "text = \"text\"", "numbers = [1, 2]"], Tell(place.Path, foreignTo: null));
        Assert.Null(RecordFile.Read(place.Path).ForeignReason(Key));
    }

    // As the command does: the header for its reader, whose record it is, and then the arguments.
    private static List<string> Tell(string path, string? foreignTo)
    {
        var file = RecordFile.Read(path);
        _ = file.Digest;
        _ = file.ForeignReason(Key);
        _ = file.Record.Header.TimeoutMilliseconds is { } limit ? TimeSpan.FromMilliseconds(limit) : default;
        return [.. new RecordedFunction(file.Record, new RecordedLive(TextWriter.Null, default), foreignTo).Describe()];
    }

    private static void Try(byte[][] seeds, Func<byte[], Random, byte[]> make) => Parallel.For(0, Math.Max(1, Inputs / Batch), batch =>
    {
        var random = new Random(unchecked((Seed * 1_000_003) + batch));
        using var place = new Place();
        for (var i = 0; i < Batch; i++)
        {
            var bytes = make(seeds[random.Next(seeds.Length)], random);
            File.WriteAllBytes(place.Path, bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Tell(place.Path, random.Next(2) == 0 ? null : "");
            }
            catch (Exception exception) when (exception is InvalidDataException or BoundaryFormatException or BoundaryException)
            {
                // The clear errors.
                Assert.False(string.IsNullOrWhiteSpace(exception.Message));
            }
            catch (Exception exception)
            {
                Assert.Fail($"{Convert.ToBase64String(bytes)} ended in {exception}");
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MaxBytes, $"{Convert.ToBase64String(bytes)} took more than {MaxBytes:N0} bytes.");
        }
    });

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 3:
                    bytes.RemoveAt(at);
                    break;
                case 4:
                    // A digit where a digit stands, so that JSON stays JSON.
                    at = bytes.FindIndex(at, static value => value is >= (byte)'0' and <= (byte)'9');
                    if (at >= 0)
                    {
                        bytes[at] = (byte)random.Next('0', '9' + 1);
                    }

                    break;
                default:
                    var length = random.Next(Math.Min(32, bytes.Count - at));
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
            }
        }

        return [.. bytes];
    }

    private static CallRecord[] Records()
    {
        Func<Amount, string> take = static amount => amount.Text;
        Func<string, Amount> make = static text => new Amount(text);
        var rules = new SurrogateRules([SurrogateRule.TryCreate(take, make)!]);
        return
        [
            Record(null, default, default, Graph(writer =>
            {
                writer.WriteFunction(Function(3));
                writer.WriteArguments(("text", new[] { 1, 2 }));
            })),
            Record(
                rules.Encode().ToArray(),
                Graph(static writer => writer.WriteFunction((Action)(static () => { }))),
                Graph(static writer => writer.WriteFunction((Func<Dictionary<string, object>, CancellationToken, Uri>)(static (_, _) => new Uri("a", UriKind.Relative)))),
                Graph(static writer => writer.WriteArguments((new Dictionary<string, object> { ["a"] = new List<int> { 1 }, ["b"] = TimeZoneInfo.Utc, ["c"] = new Version(1, 2) }, CancellationToken.None)))),
        ];
    }

    private static Func<string, int[], int> Function(int factor) => (text, numbers) => text.Length * numbers.Length * factor;

    private static CallRecord Record(byte[]? rules, ReadOnlyMemory<byte> initializer, ReadOnlyMemory<byte> function, ReadOnlyMemory<byte> arguments) => new(
        new RecordHeader
        {
            Format = CallRecord.Format,
            Function = "Some.Function",
            Item = 7,
            Outcome = RecordedOutcome.Exception,
            RecordedAt = DateTimeOffset.UnixEpoch,
            ErrorType = "System.InvalidOperationException",
            ErrorMessage = "message",
            ErrorText = "text \u001b[0m",
            TimeoutMilliseconds = 1_500,
            Application = new RecordedApplication("dotnet", ["exec", "a.dll"], "a.deps.json", "/"),
            EnvironmentVariables = new Dictionary<string, string?> { ["A"] = "b", ["C"] = null },
            Surrogates = rules,
            Summary = new Dictionary<string, string> { ["system"] = "some" },
            Sizes = [initializer.Length, function.Length, arguments.Length],
        },
        initializer,
        function,
        arguments);

    private static byte[] FileOf(CallRecord record)
    {
        using var place = new Place();
        record.Write(place.Path, Key);
        return File.ReadAllBytes(place.Path);
    }

    private static ReadOnlyMemory<byte> Graph(Action<BoundaryWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new BoundaryWriter(buffer, new LiveTable());
        write(writer);
        return buffer.WrittenMemory;
    }

    private sealed record Amount(string Text);

    /// <summary>A file that is gone in the end.</summary>
    private sealed class Place : IDisposable
    {
        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"multiproc-fuzz-{Guid.NewGuid():N}{CallRecord.Extension}");

        public void Dispose() => File.Delete(Path);
    }
}
