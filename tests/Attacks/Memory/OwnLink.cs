using System.Buffers.Binary;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace MultiProc.Attacks.Memory;

/// <summary>In a worker, for a function that attacks: the worker's own connection, with the right frame numbers, and the unit that is running.</summary>
internal sealed partial class OwnLink
{
    /// <summary>The unit of a pool's first call.</summary>
    public const long FirstUnit = 1;

    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly object _link;
    private int _pipe;

    public OwnLink()
    {
        // What takes log lines to the host knows both the link and what is running.
        var protocol = AppDomain.CurrentDomain.GetAssemblies().Single(static assembly => assembly.GetName().Name == "MultiProc.Protocol");
        var identity = protocol.GetType("MultiProc.Protocol.Calls.CurrentWorker")!.GetProperty("Identity", Any)!.GetValue(null)!;
        var log = (Delegate)identity.GetType().GetFields(Any).Select(field => field.GetValue(identity)).First(static value => value is Delegate @delegate
            && @delegate.Method.GetParameters() is [{ ParameterType.Name: "LogEntry" }])!;
        _link = FieldOf(log.Target!, "link");
        Unit = Convert.ToInt64(Get(Get(Get(FieldOf(log.Target!, "inbox"), "Current"), "Unit"), "Id"), CultureInfo.InvariantCulture);
    }

    /// <summary>The unit that this function is.</summary>
    public long Unit { get; }

    private object Frames => FieldOf(_link, "_frame");

    /// <summary>Sends a notification.</summary>
    public void Notify(string method, params object?[] parameters) => _link.GetType().GetMethod("Notify")!.Invoke(_link, [method, parameters]);

    /// <summary>Sends a record, as one of a message's own.</summary>
    public void Done(long unit, byte kind, int first, int count, byte[] body, int? claimed = null)
    {
        var record = new byte[21 + body.Length];
        BinaryPrimitives.WriteInt64LittleEndian(record, unit);
        record[8] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(9), first);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(13), count);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(17), claimed ?? body.Length);
        body.CopyTo(record, 21);
        Notify("done", new ReadOnlyMemory<byte>(record));
    }

    /// <summary>Says that a result is in the worker's area.</summary>
    public void Placed(long unit, long offset, long length)
    {
        var place = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(place, offset);
        BinaryPrimitives.WriteInt64LittleEndian(place.AsSpan(8), length);
        Done(unit, 4, 0, 1, place);
    }

    /// <summary>From now on this process hears nothing of what the host sends: its end of the pipe is only written.</summary>
    public void StopReading()
    {
        var stream = (FileStream)_link.GetType().GetFields(Any).Select(field => field.GetValue(_link)).First(static value => value is FileStream)!;
        var descriptor = (int)stream.SafeFileHandle.DangerousGetHandle();
        _pipe = dup(descriptor);
        var silence = new int[2];
        _ = pipe(silence);
        _ = dup2(silence[0], descriptor);
    }

    /// <summary>Writes a frame whose length is what is claimed, and whose bytes are others. After <see cref="StopReading"/> only.</summary>
    /// <returns>Whether the host still takes them.</returns>
    public bool WriteFrame(ReadOnlySpan<byte> bytes, int? claimed = null)
    {
        var number = (uint)FieldOf(Frames, "_number");
        Frames.GetType().GetField("_number", Any)!.SetValue(Frames, number + 1);
        var frame = new byte[8 + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, claimed ?? bytes.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), number);
        bytes.CopyTo(frame.AsSpan(8));
        return WriteRaw(frame);
    }

    /// <summary>Writes bytes. After <see cref="StopReading"/> only.</summary>
    public bool WriteRaw(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            // Without a signal when the host has hung up.
            var written = send(_pipe, ref MemoryMarshal.GetReference(bytes), bytes.Length, 0x4000);
            if (written <= 0)
            {
                return false;
            }

            bytes = bytes[(int)written..];
        }

        return true;
    }

    /// <summary>A request, as JSON-RPC in MessagePack.</summary>
    public static byte[] Request(int id, string method) =>
    [
        0x84, .. Text("jsonrpc"), .. Text("2.0"), .. Text("id"), 0xd2, (byte)(id >> 24), (byte)(id >> 16), (byte)(id >> 8), (byte)id,
        .. Text("method"), .. Text(method), .. Text("params"), 0x90,
    ];

    private static byte[] Text(string text) => [(byte)(0xa0 | text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static object Get(object target, string property) => target.GetType().GetProperty(property, Any)!.GetValue(target)!;

    // Also a captured variable, or a parameter of a primary constructor.
    private static object FieldOf(object target, string name) =>
        target.GetType().GetFields(Any).First(field => field.Name == name || field.Name.StartsWith($"<{name}>", StringComparison.Ordinal)).GetValue(target)!;

    [LibraryImport("libc")]
    private static partial int dup(int descriptor);

    [LibraryImport("libc")]
    private static partial int dup2(int descriptor, int other);

    [LibraryImport("libc")]
    private static partial int pipe([Out] int[] ends);

    [LibraryImport("libc")]
    private static partial nint send(int socket, ref byte bytes, nint length, int flags);
}
