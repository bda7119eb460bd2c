using System.Buffers;
using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using MessagePack;
using MessagePack.Formatters;
using MultiProc.Boundary;

namespace MultiProc.Unit.Boundary;

/// <summary>What comes from a worker is copied only if it belongs to the application, and no code runs at the worker's wish.</summary>
public sealed class TrustTests
{
    /// <summary>In workers of an application to which these tests do not belong.</summary>
    private static readonly Trust OfAnother = OfApplication(typeof(TestFunctions.Arithmetic).Assembly);

    private static int _runs;

    public static TheoryData<Delegate> Foreign() =>
    [
        (Action<string>)File.Delete, (Func<int, int>)abs, (Func<string, int>)int.Parse, new Action(new List<int>().Clear),
        (Func<string, MessagePackSerializerOptions?, CancellationToken, byte[]>)MessagePackSerializer.ConvertFromJson,
        (Func<int, CancellationToken, Task<ProcessPool>>)ProcessPool.StartAsync, (Action)Delegate.Combine((Action)Own, (Action)GC.Collect),
    ];

    public static TheoryData<object> WithForeignComparer()
    {
        var equality = EqualityComparer<string>.Create(Same, Hash);
        var order = Comparer<string>.Create(Compare);
        return
        [
            new Dictionary<string, int>(equality) { ["a"] = 1 }, new HashSet<string>(equality) { "a" }, new SortedDictionary<string, int>(order) { ["a"] = 1 },
            new SortedList<string, int>(order) { ["a"] = 1 }, new SortedSet<string>(order) { "a" }, new PriorityQueue<int, string>([(1, "a")], order),
            new System.Collections.Concurrent.ConcurrentDictionary<string, int>(equality) { ["a"] = 1 },
            new OrderedDictionary<string, int>(equality) { ["a"] = 1 }, new Hashtable((IEqualityComparer)equality) { ["a"] = 1 },
            ImmutableDictionary.Create<string, int>(equality).Add("a", 1),
            ImmutableDictionary.Create<string, string>(null, equality).Add("a", "b"), ImmutableHashSet.Create(equality, "a"), ImmutableSortedSet.Create(order, "a"),
            ImmutableSortedDictionary.Create<string, int>(order).Add("a", 1), ImmutableSortedDictionary.Create<string, int>(order).Add("a", 1).ToBuilder(),
            new[] { "a" }.ToFrozenSet(equality), new Dictionary<string, int> { ["a"] = 1 }.ToFrozenDictionary(equality), (Lookup<string, string>)new[] { "a" }.ToLookup(text => text, equality),
            new System.Collections.Specialized.NameValueCollection(equality) { ["a"] = "b" }, new System.Collections.Specialized.OrderedDictionary(equality) { ["a"] = 1 },
            new SortedList(order) { ["a"] = 1 }, new System.Collections.Specialized.ListDictionary(order) { ["a"] = 1 }, new OwnDictionary(equality) { ["a"] = 1 },
            equality, order, new object[] { order },
        ];
    }

    [Theory]
    [MemberData(nameof(Foreign), DisableDiscoveryEnumeration = true)]
    public void A_delegate_to_what_is_not_the_applications_code_is_not_accepted(Delegate function)
    {
        Assert.Equal("result.Call", Crossing.NotAccepted(new { Call = function }).Path);
        Assert.Contains("Return", Crossing.NotAccepted<object>(new List<Delegate> { function }).Message);
    }

    [Fact]
    public void A_delegate_to_the_applications_code_is_accepted_wherever_it_stands()
    {
        var captured = 5;
        var list = new List<int>();
        Assert.Equal(6, Crossing.FromWorker<Func<int>>(() => captured + 1)());
        Assert.Equal(6, Crossing.FromWorker(new { Calls = new List<Func<int>> { () => captured + 1 } }).Calls[0]());
        Assert.Equal(0, Crossing.FromWorker<Comparison<string>>(Compare)("a", "b"));
        Assert.Equal(1, Crossing.FromWorker<Func<int>>(() => { list.Add(1); return list.Count; })());
        Assert.Equal(5, Crossing.FromWorker(new Lazy<int>(() => captured)).Value);
    }

    [Fact]
    public void A_delegate_that_was_sent_with_the_call_comes_back()
    {
        var exports = new LiveTable();
        Crossing.Encode<object>(new object[] { (Action<string>)File.Delete, (Comparison<string>)Compare }, exports);

        Assert.Equal(nameof(File.Delete), Crossing.FromWorker<Action<string>>(File.Delete, exports.Functions).Method.Name);
        Assert.Equal(["a"], Crossing.FromWorker(new SortedSet<string>(Comparer<string>.Create(Compare)) { "a" }, exports.Functions));
        Assert.Throws<BoundaryException>(() => Crossing.FromWorker<Action<string>>(Directory.Delete, exports.Functions));
    }

    [Theory]
    [MemberData(nameof(WithForeignComparer), DisableDiscoveryEnumeration = true)]
    public void No_comparer_is_made_of_a_method_that_was_not_sent_and_nothing_of_it_runs(object value)
    {
        var bytes = Crossing.Encode(value);
        var before = Volatile.Read(ref _runs);

        var refusal = Assert.Throws<BoundaryException>(() => BoundaryReader.Read<object>(bytes, NoLive.Instance, Trust.InWorkers));

        Assert.StartsWith("result", refusal.Path);
        Assert.Contains("a class of your own", refusal.Message);
        Assert.Equal(before, Volatile.Read(ref _runs));
    }

    [Fact]
    public void Comparers_of_the_framework_and_those_that_the_application_wrote_come_back()
    {
        var ignoresCase = Crossing.FromWorker(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 });
        Assert.Equal(1, ignoresCase["A"]);
        Assert.Equal(1, Crossing.FromWorker(new Dictionary<string, int>(new ByLength()) { ["a"] = 1 })["b"]);
        Assert.Equal(["bb", "a"], Crossing.FromWorker(new SortedSet<string>(Comparer<string>.Create(static (left, right) => string.CompareOrdinal(right, left))) { "a", "bb" }));
        Assert.Single(Crossing.FromWorker(new HashSet<string>(EqualityComparer<string>.Create(static (left, right) => left?.Length == right?.Length, static text => text.Length)) { "a", "b" }));
        Assert.Contains("a", Crossing.FromWorker(new HashSet<object>(ReferenceEqualityComparer.Instance) { "a" }).Cast<string>());
        Assert.Equal(StringComparer.InvariantCulture, Crossing.FromWorker<object>(StringComparer.InvariantCulture));
    }

    [Fact]
    public void A_type_of_an_assembly_that_is_none_of_the_applications_is_not_accepted()
    {
        var value = new Item(5);
        foreach (var refusal in new[] { Crossing.NotAccepted<object>(value, OfAnother), Crossing.NotAccepted<object>(new Item[1], OfAnother), Crossing.NotAccepted<object>(new List<Item>(), OfAnother) })
        {
            Assert.Equal("result", refusal.Path);
            Assert.Contains(typeof(TrustTests).Assembly.GetName().Name!, refusal.Message);
            Assert.Contains("Declare it", refusal.Message);
        }

        Assert.Equal("result[1]", Crossing.NotAccepted(new List<object> { 1, value }, OfAnother).Path);
        Assert.Equal("result.Values[1][0]", Crossing.NotAccepted(new Dictionary<string, object[]> { ["a"] = [], ["b"] = [value] }, OfAnother).Path);
        Assert.Equal("result[0].Value", Crossing.NotAccepted(new[] { new Slot { Value = value } }, OfAnother).Path);
        Assert.Equal("result.Inner.Value", Crossing.NotAccepted(new Holder { Inner = new Slot { Value = value } }, OfAnother).Path);
        Assert.Equal("result[0]", Crossing.NotAccepted(new OwnList { value }, OfAnother).Path);
        Assert.Equal("result.Keys[0]", Crossing.NotAccepted(new Dictionary<object, int> { [value] = 1 }, OfAnother).Path);
    }

    [Fact]
    public void What_the_declared_type_mentions_is_accepted()
    {
        Assert.Equal(5, Assert.Single(Crossing.FromWorker<IEnumerable<Item>>(new List<Item> { new(5) }, null, OfAnother)).Value);
        Assert.Equal(5, Crossing.FromWorker<Dictionary<string, Item?[]>>(new() { ["a"] = [new Item(5)] }, null, OfAnother)["a"][0]!.Value);
        Assert.Equal("result.Value", Crossing.NotAccepted(new Item(new Slot()), OfAnother).Path);
    }

    [Fact]
    public void Of_this_library_only_what_is_public_is_accepted()
    {
        Assert.Equal(3, Crossing.FromWorker<object>(new WorkerInfo { Name = "w", ProcessId = 3 }) is WorkerInfo info ? info.ProcessId : 0);
        Assert.Contains("internal", Crossing.NotAccepted<object>(new CallFunctions(null, null)).Message);
        Assert.Contains("internal", Crossing.NotAccepted<object>(new MultiProc.Scheduling.CallPolicy("", null, 1, 0, null)).Message);
    }

    [Theory]
    [InlineData("System.IO.FileStream, System.Private.CoreLib")]
    [InlineData("System.Diagnostics.Process, System.Diagnostics.Process")]
    [InlineData("System.Net.Sockets.SocketAsyncEventArgs, System.Net.Sockets")]
    [InlineData("No.Such, No.Such.Assembly")]
    [InlineData("No.Such, ../../../etc/passwd")]
    public void A_named_type_that_must_not_be_made_is_refused(string name) =>
        Assert.Equal("result", Assert.Throws<BoundaryException>(() => ReadForged(name)).Path);

    [Fact]
    public void An_assembly_that_merely_lies_beside_the_application_is_not_loaded_for_a_name()
    {
        const string Named = "Some.Type";
        var assembly = Beside();
        string[][] forgeries =
        [
            [$"{Named}, {assembly}"], [$"{Named}[], {assembly}"], [$"System.Collections.Generic.List`1[[{Named}, {assembly}]], System.Private.CoreLib"],
            ["System.Type, System.Private.CoreLib", $"{Named}, {assembly}"], ["System.Reflection.Assembly, System.Private.CoreLib", assembly],
        ];

        Assert.All(forgeries, static forgery => Assert.Throws<BoundaryException>(() => BoundaryReader.Read<object>(Crossing.Forge(forgery), NoLive.Instance, OfAnother)));
        Assert.Same(typeof(TrustTests).Assembly, Crossing.FromWorker<object>(typeof(TrustTests).Assembly));
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), loaded => loaded.GetName().Name == assembly);
    }

    [Fact]
    public void Types_and_members_come_back_as_values()
    {
        Assert.Equal(typeof(File), Crossing.FromWorker<object>(typeof(File)));
        Assert.Equal(typeof(List<TrustTests>), Crossing.FromWorker(typeof(List<TrustTests>)));
        Assert.Equal(nameof(Compare), Crossing.FromWorker<object>(((Comparison<string>)Compare).Method) is MethodInfo method ? method.Name : "");
    }

    [Fact]
    public void A_contract_that_finds_types_by_name_finds_only_what_may_be_named()
    {
        var bytes = Crossing.Encode(new Typeless { Value = new Item(5) });

        Assert.Equal(5, Assert.IsType<Item>(BoundaryReader.Read<Typeless>(bytes, NoLive.Instance, Trust.InWorkers).Value).Value);
        Assert.Throws<BoundaryException>(() => BoundaryReader.Read<Typeless>(bytes, NoLive.Instance, OfAnother));
    }

    [Fact]
    public void An_exception_of_the_framework_or_of_the_application_comes_as_itself()
    {
        Assert.IsType<InvalidTimeZoneException>(Home(new InvalidTimeZoneException("m")).Exception);
        Assert.IsType<OwnException>(Home(new OwnException { Held = 5 }).Exception);
    }

    [Fact]
    public void Members_of_an_exception_that_are_not_accepted_are_left_out_and_named()
    {
        var exception = new OwnException
        {
            Held = Comparer<string>.Create(Compare),
            Call = File.Delete,
            Handle = 5,
            Number = 7,
            Table = new Dictionary<string, int>(EqualityComparer<string>.Create(Same, Hash)) { ["a"] = 1 },
            Data = { ["delegate"] = (Action<string>)Directory.Delete, ["number"] = 5 },
        };
        var copy = Assert.IsType<OwnException>(Home(exception).Exception);

        Assert.Equal((7, 5), (copy.Number, copy.Data["number"]));
        Assert.Equal((null, null, 0, null), (copy.Held, copy.Call, (int)copy.Handle, copy.Table));
        Assert.Null(copy.Data["delegate"]);
        string[] paths = ["exception.Held", "exception.Call", "exception.Handle", "exception.Table", "exception.Data"];
        Assert.Equal(paths.Order(), Assert.IsType<string[]>(copy.Data["MultiProc.LeftOut"]).Order());
        Assert.All(paths, path => Assert.Contains(path, copy.StackTrace));
        Assert.False(Home(new OwnException { Number = 7 }).Exception!.Data.Contains("MultiProc.LeftOut"));
    }

    [Fact]
    public void A_forged_exception_is_held_to_the_same_rules()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new BoundaryWriter(buffer, NoLive.Instance))
        {
            writer.WriteDetached(new OwnException { Held = Comparer<string>.Create(Compare) }, Trust.Full, leavesOut: true);
        }

        Assert.Null(FaultState.TryRead(buffer.WrittenSpan.ToArray(), Trust.InWorkers, default, live: null));
        Assert.NotNull(FaultState.TryRead(buffer.WrittenSpan.ToArray(), Trust.Full, default, live: null));
    }

    [Fact]
    public void Where_a_very_deep_object_is_not_accepted_both_ends_of_its_path_are_told()
    {
        object deep = (Action<string>)File.Delete;
        for (var i = 0; i < 100_000; i++)
        {
            deep = new Item(deep);
        }

        var path = Crossing.NotAccepted(deep).Path;
        Assert.StartsWith("result.Value.Value", path);
        Assert.Contains("...", path);
        Assert.InRange(path.Length, 100, 1_000);
    }

    [Fact]
    public void The_shared_framework_is_told_by_its_assemblies_names()
    {
        var folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var there = Directory.GetFiles(folder, "*.dll").Where(IsManaged).Select(Path.GetFileNameWithoutExtension).Except(["WindowsBase"]);

        Assert.Equal(there.Order(), SharedFramework.AssemblyNames.Order());
        Assert.False(SharedFramework.Contains("Microsoft.Extensions.Logging.Abstractions"));
        Assert.False(SharedFramework.Contains("Microsoft.AspNetCore.Http"));
    }

    [Fact]
    public void What_this_library_brings_is_known_by_name()
    {
        var brought = Closure(typeof(ProcessPool).Assembly).Where(static name => !LibraryAssemblies.Contains(name));
        Assert.All(brought, static name => Assert.True(LibraryAssemblies.Brings(name), name));
    }

    private static Trust OfApplication(Assembly root)
    {
        var application = new ApplicationAssemblies();
        application.Include(root);
        return new Trust(application);
    }

    private static object? ReadForged(params string[] texts) => BoundaryReader.Read<object>(Crossing.Forge(texts), NoLive.Instance, Trust.InWorkers);

    /// <summary>An assembly that could be loaded and is not.</summary>
    private static string Beside()
    {
        var loaded = AppDomain.CurrentDomain.GetAssemblies().Select(static assembly => assembly.GetName().Name).ToHashSet();
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(IsManaged).Select(static path => Path.GetFileNameWithoutExtension(path))
            .First(name => !SharedFramework.Contains(name) && !LibraryAssemblies.Contains(name) && !loaded.Contains(name));
    }

    /// <summary>The names of what an assembly references, transitively, without the framework. Read from files: other tests look at what is loaded.</summary>
    private static HashSet<string> Closure(Assembly root)
    {
        HashSet<string> found = [];
        Stack<string> next = new([root.GetName().Name!]);
        while (next.TryPop(out var name))
        {
            var path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
            if (SharedFramework.Contains(name) || !found.Add(name) || !File.Exists(path))
            {
                continue;
            }

            using var image = new PEReader(File.OpenRead(path));
            var metadata = image.GetMetadataReader();
            foreach (var reference in metadata.AssemblyReferences)
            {
                next.Push(metadata.GetString(metadata.GetAssemblyReference(reference).Name));
            }
        }

        return found;
    }

    private static bool IsManaged(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        return image.HasMetadata;
    }

    private static RemoteFault Home(Exception exception)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Faults.Write(buffer, exception, NoLive.Instance);
        return Faults.Read(buffer.WrittenMemory, static fault => new InvalidOperationException(fault.Message), Trust.InWorkers);
    }

    private static void Own()
    {
    }

    private static bool Same(string? left, string? right) => Interlocked.Increment(ref _runs) > 0 && left == right;

    private static int Hash(string text) => Interlocked.Increment(ref _runs) * 0;

    private static int Compare(string? left, string? right) => Interlocked.Increment(ref _runs) * 0;

    [DllImport("libc")]
    private static extern int abs(int number);

    private sealed record Item(object? Value);

    private sealed class Holder
    {
        public Slot Inner;
    }

    private struct Slot
    {
        public object? Value;
    }

    private sealed class OwnList : List<object>;

    private sealed class OwnDictionary(IEqualityComparer<string> comparer) : Dictionary<string, int>(comparer);

    private sealed class ByLength : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => x?.Length == y?.Length;

        public int GetHashCode(string obj) => obj.Length;
    }

    private sealed class OwnException : Exception
    {
        public object? Held { get; init; }

        public Action<string>? Call { get; init; }

        public Dictionary<string, int>? Table { get; init; }

        public nint Handle { get; init; }

        public int Number { get; init; }
    }

    [MessagePackObject]
    public sealed class Typeless
    {
        [Key(0)]
        [MessagePackFormatter(typeof(TypelessFormatter))]
        public object? Value { get; set; }
    }
}
