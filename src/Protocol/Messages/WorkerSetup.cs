using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// What a worker is told before anything else, on its standard input, which is then closed. Not on the command line, which all users of the machine can
/// read, nor in the environment, which the worker's own children would inherit. Neither is it text: what reads that takes a tenth of a worker's start.
/// </summary>
/// <param name="Pipe">Where to connect.</param>
/// <param name="Secret">The one-time secret of the handshake.</param>
/// <param name="StatusPage">The handle of the status page.</param>
/// <param name="Slot">The worker's place in the pool; -1: it stands by.</param>
/// <param name="Name">The worker's name.</param>
/// <param name="ProcessName">What stands before <paramref name="Name"/> in the name of the process.</param>
/// <param name="Host">The host's process id.</param>
/// <param name="Depth">How deep the host itself is nested in workers: 0 for an ordinary process.</param>
/// <param name="WaitForDebugger">Whether nothing is to run until a debugger is attached.</param>
/// <param name="ConnectTimeout">Milliseconds that connecting may take.</param>
/// <param name="Arguments">The handle of the area in which the host places large arguments; null: they are sent.</param>
/// <param name="Results">The handle of the area in which this worker places large results; null: they are sent.</param>
/// <param name="ControlPipe">The path of the pool's control pipe, to be removed if the host is killed; null: it has none.</param>
internal sealed record WorkerSetup(
    string Pipe, byte[] Secret, string StatusPage, int Slot, string Name, string ProcessName, int Host, int Depth, bool WaitForDebugger, int ConnectTimeout,
    string? Arguments, string? Results, string? ControlPipe)
{
    // "MPWS"
    private const uint Mark = 0x5357504d;

    /// <summary>The form in which it is sent.</summary>
    public byte[] ToBytes()
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Mark);
        writer.Write(ProtocolVersion.Current);
        writer.Write(Pipe);
        writer.Write(Secret);
        writer.Write(StatusPage);
        writer.Write(Slot);
        writer.Write(Name);
        writer.Write(ProcessName);
        writer.Write(Host);
        writer.Write(Depth);
        writer.Write(WaitForDebugger);
        writer.Write(ConnectTimeout);
        writer.Write(Arguments ?? "");
        writer.Write(Results ?? "");
        writer.Write(ControlPipe ?? "");
        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <returns>Null: it is no setup, or that of another version.</returns>
    public static WorkerSetup? TryRead(Stream stream)
    {
        using var reader = new BinaryReader(stream);
        try
        {
            if (reader.ReadUInt32() != Mark || reader.ReadUInt16() != ProtocolVersion.Current)
            {
                return null;
            }

            return new WorkerSetup(
                Pipe: reader.ReadString(),
                Secret: reader.ReadBytes(Handshake.SecretLength),
                StatusPage: reader.ReadString(),
                Slot: reader.ReadInt32(),
                Name: reader.ReadString(),
                ProcessName: reader.ReadString(),
                Host: reader.ReadInt32(),
                Depth: reader.ReadInt32(),
                WaitForDebugger: reader.ReadBoolean(),
                ConnectTimeout: reader.ReadInt32(),
                Arguments: ReadOptional(reader),
                Results: ReadOptional(reader),
                ControlPipe: ReadOptional(reader));
        }
        catch (Exception exception) when (exception is IOException or FormatException)
        {
            return null;
        }
    }

    private static string? ReadOptional(BinaryReader reader) => reader.ReadString() is { Length: > 0 } text ? text : null;
}
