using System.Buffers;
using MultiProc.Boundary;

namespace MultiProc.Unit.Boundary;

/// <summary>Sends values through bytes, as between two processes.</summary>
internal static class Crossing
{
    public static T Copy<T>(T value) => Copy(value, new LiveTable());

    public static T Copy<T>(T value, LiveTable live)
    {
        using var reader = new BoundaryReader(Encode(value, live), live, Trust.Full);
        return reader.Read<T>();
    }

    /// <summary>The copy of a function; what it does must not depend on this process's state.</summary>
    public static TDelegate Function<TDelegate>(TDelegate function, LiveTable? live = null)
        where TDelegate : Delegate
    {
        live ??= new LiveTable();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new BoundaryWriter(buffer, live))
        {
            writer.WriteFunction(function);
        }

        using var reader = new BoundaryReader(buffer.WrittenMemory, live, Trust.Full);
        return Assert.IsType<TDelegate>(reader.ReadFunction());
    }

    public static TArguments Arguments<TArguments>(TArguments arguments)
    {
        var live = new LiveTable();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new BoundaryWriter(buffer, live))
        {
            writer.WriteArguments(arguments);
        }

        using var reader = new BoundaryReader(buffer.WrittenMemory, live, Trust.Full);
        return reader.ReadArguments<TArguments>();
    }

    public static byte[] Encode<T>(T value, LiveTable? live = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new BoundaryWriter(buffer, live ?? new LiveTable());
        writer.Write(value, "arg");
        return buffer.WrittenSpan.ToArray();
    }

    public static T Decode<T>(ReadOnlyMemory<byte> bytes, LiveTable? live = null)
    {
        using var reader = new BoundaryReader(bytes, live ?? new LiveTable(), Trust.Full);
        return reader.Read<T>();
    }

    /// <summary>As a worker's result comes to its host.</summary>
    public static T FromWorker<T>(T value, SentFunctions? sent = null, Trust? trust = null) =>
        BoundaryReader.Read<T>(Encode(value), NoLive.Instance, trust ?? Trust.InWorkers, new CallFunctions(null, sent));

    public static BoundaryException NotAccepted<T>(T value, Trust? trust = null) => Assert.Throws<BoundaryException>(() => FromWorker(value, null, trust));

    /// <summary>The bytes of an object of a type that is only named, and of what stands behind the name, as no well-behaved worker writes them.</summary>
    public static byte[] Forge(params string[] texts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePack.MessagePackWriter(buffer);
        writer.Write(true);
        foreach (var text in texts)
        {
            writer.Write(text);
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static BoundaryException Refused<T>(T value, string root = "arg") => Assert.Throws<BoundaryException>(() =>
    {
        using var writer = new BoundaryWriter(new ArrayBufferWriter<byte>(), new LiveTable());
        writer.Write(value, root);
    });

    public static BoundaryException FunctionRefused(Delegate function) => Assert.Throws<BoundaryException>(() =>
    {
        using var writer = new BoundaryWriter(new ArrayBufferWriter<byte>(), new LiveTable());
        writer.WriteFunction(function);
    });
}

/// <summary>Both ends of what crosses live.</summary>
internal sealed class LiveTable : ILiveExports, ILiveImports
{
    public List<CancellationToken> Tokens { get; } = [];

    public List<object> Progress { get; } = [];

    public bool Accepts { get; init; } = true;

    public SurrogateRules? Rules { get; init; }
    public SentFunctions Functions { get; } = new();

    public int ExportToken(CancellationToken token)
    {
        Tokens.Add(token);
        return Accepts ? Tokens.Count - 1 : -1;
    }

    public int ExportProgress(object progress, Type valueType)
    {
        Progress.Add(progress);
        return Accepts ? Progress.Count - 1 : -1;
    }

    public void OnSending(FunctionReference function) => Functions.Add(function);

    public CancellationToken ImportToken(int id) =>
        (uint)id < (uint)Tokens.Count ? Tokens[id] : throw new BoundaryFormatException("No such token.");

    public object ImportProgress(int id, Type valueType) =>
        (uint)id < (uint)Progress.Count ? Progress[id] : throw new BoundaryFormatException("No such progress.");
}
