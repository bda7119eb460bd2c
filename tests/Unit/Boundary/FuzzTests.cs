using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using MultiProc.Boundary;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Messages;

namespace MultiProc.Unit.Boundary;

/// <summary>
/// Bytes that no boundary wrote. MULTIPROC_FUZZ sets how many inputs are tried in all: the default is 100,000, and .ci/run tries a million. MULTIPROC_FUZZ_SEED sets
/// which: the default is 0.
/// </summary>
public sealed class FuzzTests
{
    private const int Batch = 1_000;

    private static readonly int Inputs = int.Parse(
        Environment.GetEnvironmentVariable("MULTIPROC_FUZZ") ?? "100000", CultureInfo.InvariantCulture);

    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("MULTIPROC_FUZZ_SEED") ?? "0", CultureInfo.InvariantCulture);

    [Fact]
    public void Mutated_graphs_end_in_a_value_or_a_clear_error()
    {
        var seeds = Seeds().Select(seed => Crossing.Encode(seed)).ToArray();
        Try(Inputs / 10 * 3, random => Mutate(seeds[random.Next(seeds.Length)], random), static bytes => Crossing.Decode<object>(bytes));
    }

    [Fact]
    public void Mutated_results_of_workers_end_in_a_value_or_a_clear_error()
    {
        var captured = 5;
        object[] functions =
        [
            (Func<int>)(() => captured), (Action<string>)File.Delete, new { Comparer = Comparer<int>.Create(static (left, right) => right - left), Path = "a" },
            new HashSet<string>(EqualityComparer<string>.Create(static (left, right) => left == right, static text => text.Length)) { "a" }, typeof(File),
            ((Action<string>)File.Delete).Method, typeof(FuzzTests).Assembly, new Lazy<int>(() => captured),
        ];
        var seeds = Seeds().Concat(functions).Select(seed => Crossing.Encode(seed)).ToArray();
        Try(Inputs / 10 * 3, random => Mutate(seeds[random.Next(seeds.Length)], random), static bytes => BoundaryReader.Read<object>(bytes, NoLive.Instance, Trust.InWorkers));
    }

    [Fact]
    public void Mutated_records_of_workers_end_in_records_or_a_clear_error()
    {
        var body = new ByteBuffer();
        Refusal.Write(body, new BoundaryException("result.Items[0]", typeof(Stream), "a stream"));
        var refusal = body.WrittenMemory.ToArray();
        Try(Inputs / 20, random => Mutate(refusal, random), static bytes => Refusal.Read(bytes, Trust.InWorkers));

        var record = new byte[ResultRecord.HeaderLength + refusal.Length];
        ResultRecord.WriteHeader(record, 7, RecordKind.NotSerializable, 0, 1, refusal.Length);
        refusal.CopyTo(record, ResultRecord.HeaderLength);
        byte[] block = [.. record, .. record];
        Try(Inputs / 20, random => Mutate(block, random), static bytes => _ = ResultRecord.ReadAll(bytes).Count());
    }

    [Fact]
    public void Random_bytes_end_in_a_value_or_a_clear_error()
    {
        Try(Inputs / 10, Noise, static bytes => Crossing.Decode<object>(bytes));
        Try(Inputs / 20, Noise, static bytes => Crossing.Decode<List<Sample>>(bytes));
        Try(Inputs / 20, Noise, ReadFault);
    }

    [Fact]
    public void Mutated_functions_and_faults_end_in_a_value_or_a_clear_error()
    {
        var captured = 5;
        var list = new List<int> { 1 };
        var function = Encode((Func<int>)(() => captured + list.Count));
        Try(Inputs / 10, random => Mutate(function, random), static bytes =>
        {
            using var reader = new BoundaryReader(bytes, new LiveTable(), Trust.Full);
            reader.ReadFunction();
        });

        var buffer = new ArrayBufferWriter<byte>();
        Faults.Write(buffer, new InvalidOperationException("outer", new FileNotFoundException("inner", "f")) { Data = { ["a"] = 1 } }, NoLive.Instance);
        var fault = buffer.WrittenSpan.ToArray();
        Try(Inputs / 10, random => Mutate(fault, random), ReadFault);
    }

    [Fact]
    public void Claims_are_checked_before_memory_is_taken()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var type in new[] { "System.Int64[]", "System.String[]", "System.String[,]", "System.Guid[,,]" })
        {
            var bytes = new ArrayBufferWriter<byte>();
            var writer = new MessagePack.MessagePackWriter(bytes);
            writer.Write(true);
            writer.Write($"{type}, System.Private.CoreLib");
            for (var i = 0; i < 8; i++)
            {
                writer.Write(int.MaxValue);
            }

            writer.Flush();
            Assert.Throws<BoundaryFormatException>(() => Crossing.Decode<object>(bytes.WrittenMemory.ToArray()));
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000);
    }

    [Fact]
    public void A_depth_bomb_ends()
    {
        var bytes = new byte[10_000_000];
        Array.Fill(bytes, (byte)1);
        var head = Crossing.Encode<object>(new object[] { new object[] { null! } });
        head.CopyTo(bytes, 0);
        for (var i = head.Length - 1; i + 3 < bytes.Length; i += 3)
        {
            bytes[i] = 0xC3;
            bytes[i + 1] = 0;
            bytes[i + 2] = 1;
        }

        Assert.Throws<BoundaryFormatException>(() => Crossing.Decode<object>(bytes.AsMemory(0, 1_000_000)));
    }

    [Theory]
    [InlineData("System.IO.FileStream, System.Private.CoreLib")]
    [InlineData("System.Diagnostics.Process, System.Diagnostics.Process")]
    [InlineData("System.Threading.Thread, System.Private.CoreLib")]
    [InlineData("System.Collections.Generic.List`1[[System.Threading.Thread, System.Private.CoreLib]], System.Private.CoreLib")]
    [InlineData("System.Int32&, System.Private.CoreLib")]
    [InlineData("System.Void, System.Private.CoreLib")]
    [InlineData("System.Span`1[[System.Int32, System.Private.CoreLib]], System.Private.CoreLib")]
    [InlineData("System.Collections.Generic.List`1, System.Private.CoreLib")]
    [InlineData("No.Such.Type, System.Private.CoreLib")]
    [InlineData("A, No.Such.Assembly")]
    [InlineData("A, ../../etc/passwd")]
    [InlineData("System.Enum, System.Private.CoreLib")]
    [InlineData("")]
    [InlineData("[[[[")]
    public void A_type_that_the_boundary_does_not_create_is_not_created(string name)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePack.MessagePackWriter(buffer);
        writer.Write(true);
        writer.Write(name);
        writer.Write(1);
        writer.Write(true);
        writer.Flush();
        Assert.Throws<BoundaryFormatException>(() => Crossing.Decode<object>(buffer.WrittenMemory));
    }

    [Fact]
    public void A_type_that_does_not_fit_its_slot_is_not_created()
    {
        var bytes = Crossing.Encode<object>(new Sample());
        Assert.Throws<BoundaryFormatException>(() => Crossing.Decode<List<int>>(bytes));
        Assert.Throws<BoundaryFormatException>(() => Crossing.Decode<IComparable>(bytes));
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        foreach (var seed in Seeds())
        {
            var bytes = Crossing.Encode(seed);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<BoundaryFormatException>(() => Crossing.Decode<object>(bytes.AsMemory(0, length)));
            }
        }
    }

    private static object[] Seeds()
    {
        var node = new Sample { Name = "a" };
        node.Next = node;
        node.Map[node] = 1;
        return
        [
            node, new List<object> { 1, "a", 2.5, DateTime.UnixEpoch, 5m, Guid.Empty, DayOfWeek.Friday, (1, "x") }, new int[10],
            new int[2, 3], new[] { "a", "b" },
            new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1, ["b"] = new HashSet<int> { 1, 2 } },
            new SortedDictionary<int, string> { [1] = "a" }, ImmutableDictionary<string, int>.Empty.Add("a", 1), ImmutableList.Create(1, 2),
            new LinkedList<int>([1, 2]), new PriorityQueue<int, int>([(1, 2), (3, 4)]), typeof(List<int>), new Uri("http://a/b"),
            TimeZoneInfo.Utc,
            System.Text.Json.Nodes.JsonNode.Parse("""{"a":[1,2]}""")!, new InvalidOperationException("m", new FormatException()), new System.Collections.BitArray(9),
            new Contract(1) { Name = "a" }, new System.Text.StringBuilder("abc"), new Version(1, 2), System.Net.IPAddress.Loopback,
            new ArraySegment<int>([1, 2, 3], 1, 1),
        ];
    }

    private static byte[] Encode(Delegate function)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new BoundaryWriter(buffer, new LiveTable());
        writer.WriteFunction(function);
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
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
                default:
                    var length = random.Next(Math.Min(16, bytes.Count - at));
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
            }
        }

        return [.. bytes];
    }

    private static void ReadFault(byte[] bytes) => Faults.Read(bytes, static fault => new InvalidOperationException(fault.Message), Trust.InWorkers);

    /// <summary>What begins like an object of a named type or like a number, and goes on at random.</summary>
    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(64)];
        random.NextBytes(bytes);
        if (bytes.Length > 1)
        {
            bytes[0] = (byte)(0xC2 + random.Next(2));
        }

        return bytes;
    }

    /// <summary>In batches, side by side; each batch has its own seed, so that a failure is found again.</summary>
    private static void Try(int inputs, Func<Random, byte[]> make, Action<byte[]> read) => Parallel.For(0, inputs / Batch, batch =>
    {
        var random = new Random(unchecked((Seed * 1_000_003) + batch));
        for (var i = 0; i < Batch; i++)
        {
            var bytes = make(random);
            try
            {
                read(bytes);
            }
            catch (Exception exception) when (exception is BoundaryFormatException or BoundaryException or InvalidDataException)
            {
                // The clear errors.
            }
            catch (Exception exception)
            {
                Assert.Fail($"{Convert.ToHexString(bytes)} ended in {exception}");
            }
        }
    });

    private sealed class Sample
    {
        public string? Name { get; init; }

        public Sample? Next { get; set; }

        public Dictionary<Sample, int> Map { get; } = [];

        public decimal Price { get; init; } = 2.5m;

        public int? Number { get; init; } = 5;
    }
}
