using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;

namespace MultiProc.Attacks.Boundary;

/// <summary>Functions that attack their host with what they return, throw, report and put into queues.</summary>
internal static class Traps
{
    /// <summary>A collection whose comparer, when the host fills its copy, would delete the file that is its key.</summary>
    public static object Deleting(string kind, string path)
    {
        // Filled here with harmless comparers, which are swapped then.
        var equality = EqualityComparer<string>.Create(static (left, right) => left == right, static _ => 0);
        var order = Comparer<string>.Create(static (left, right) => string.CompareOrdinal(left, right));
        object collection = kind switch
        {
            "dictionary" => new Dictionary<string, int>(equality) { [path] = 1 },
            "concurrent" => new ConcurrentDictionary<string, int>(equality) { [path] = 1 },
            "frozen" => new Dictionary<string, int> { [path] = 1 }.ToFrozenDictionary(equality),
            "immutable" => ImmutableHashSet.Create(equality, path),
            "sorted" => new SortedSet<string>(order) { path, path + "x" },
            "list" => new List<object> { 1, new HashSet<string>(equality) { path } },
            _ => throw new ArgumentException($"There is no {kind}."),
        };
        Swap(equality, (Func<string, int>)Unlink);
        Swap(order, (Comparison<string>)Compare);
        return collection;
    }

    public static int ThrowDeleting(string path) =>
        throw new HoldingException { Held = Deleting("dictionary", path), Call = File.Delete, Handle = 5, Number = 7 };

    public static void Initialize(string path)
    {
        if (File.Exists(path))
        {
            ThrowDeleting(path);
        }
    }

    public static int Report(IProgress<object> progress, string path)
    {
        progress.Report(Deleting("dictionary", path));
        return 1;
    }

    public static Delegate Delegate(string kind) => kind switch
    {
        "delete" => (Action<string>)File.Delete,
        "native" => (Func<string, int>)Unlink,
        "bound" => (Action)new List<int>().Clear,
        "exit" => (Action<int>)Environment.Exit,
        _ => throw new ArgumentException($"There is no {kind}."),
    };

    [DllImport("libc", EntryPoint = "unlink")]
    private static extern int Unlink([MarshalAs(UnmanagedType.LPStr)] string path);

    private static int Compare(string? left, string? right) => Unlink(left ?? "");

    private static void Swap<TDelegate>(object comparer, TDelegate function)
        where TDelegate : Delegate =>
        comparer.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic).FirstOrDefault(static field => field.FieldType == typeof(TDelegate))?.SetValue(comparer, function);
}

internal sealed class HoldingException() : Exception("held")
{
    public object? Held { get; init; }

    public Action<string>? Call { get; init; }

    public nint Handle { get; init; }

    public int Number { get; init; }
}

/// <summary>Owns memory that the system gave to its process, as wrappers of native libraries do; a second one that owned it would free it there.</summary>
internal sealed class NativeBuffer : IDisposable
{
    private nint _address = Marshal.AllocHGlobal(64);

    ~NativeBuffer() => Free();

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        Marshal.FreeHGlobal(_address);
        _address = 0;
    }
}

internal sealed class HoldsNative(string name)
{
    public string Name { get; } = name;

    public NativeBuffer Buffer { get; } = new();
}

internal sealed class NativeException() : Exception("native")
{
    public NativeBuffer Buffer { get; } = new();
}
