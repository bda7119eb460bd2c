using System.Buffers.Binary;
using MultiProc.Protocol.Launch;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// The setup of a worker: the first data that it reads, from its standard input, which is then closed. The command line
/// is no place for it, as all users of the machine can read it; nor is the environment, which the worker's own children
/// inherit. The format is binary, because a text parser would take a tenth of a worker's start.
/// </summary>
/// <param name="Pipe">The name of the pipe.</param>
/// <param name="Secret">The one-time secret of the handshake.</param>
/// <param name="StatusPage">The handle of the status page.</param>
/// <param name="Slot">The worker's slot; -1: it is a standby.</param>
/// <param name="Name">The worker's name.</param>
/// <param name="ProcessName">The prefix of <paramref name="Name"/> in the name of the process.</param>
/// <param name="Host">The host's process id.</param>
/// <param name="Depth">How deep the host itself is nested in workers; 0 for an ordinary process.</param>
/// <param name="WaitForDebugger">Whether the worker waits for a debugger before it runs anything.</param>
/// <param name="ConnectTimeout">The time limit for connecting, in milliseconds.</param>
/// <param name="Arguments">
/// The handle of the shared memory in which the host places large arguments; null: they are sent.
/// </param>
/// <param name="Results">
/// The handle of the shared memory in which this worker places large results; null: they are sent.
/// </param>
/// <param name="MaxResultBytes">The maximum size in bytes of the graph of a result.</param>
/// <param name="ControlPipe">
/// The path of the pool's control pipe, which the worker removes if the host is killed; null: there is none.
/// </param>
/// <param name="Application">The simple name of the host's entry assembly; null: it has none.</param>
/// <param name="FormerVariables">
/// The former values of environment variables that were set for the worker's runtime alone. The worker restores them,
/// so that processes that it starts do not inherit them.
/// </param>
internal sealed record WorkerSetup(
    string Pipe, byte[] Secret, string StatusPage, int Slot, string Name, string ProcessName, int Host, int Depth, bool WaitForDebugger, int ConnectTimeout,
    string? Arguments, string? Results, long MaxResultBytes, string? ControlPipe, string? Application, EnvironmentVariable[] FormerVariables)
{
    // "MPWS"
    private const int Mark = 0x5357504d;

    /// <summary>Encodes the setup.</summary>
    public byte[] ToBytes()
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Mark);
        writer.Write(ProtocolVersion.Current);
        Write(writer, Pipe);
        writer.Write(Secret);
        Write(writer, StatusPage);
        writer.Write(Slot);
        Write(writer, Name);
        Write(writer, ProcessName);
        writer.Write(Host);
        writer.Write(Depth);
        writer.Write(WaitForDebugger ? 1 : 0);
        writer.Write(ConnectTimeout);
        Write(writer, Arguments ?? "");
        Write(writer, Results ?? "");
        writer.Write(MaxResultBytes);
        Write(writer, ControlPipe ?? "");
        Write(writer, Application ?? "");
        writer.Write(FormerVariables.Length);
        foreach (var variable in FormerVariables)
        {
            Write(writer, variable.Name);
            writer.Write(variable.Value is null ? 0 : 1);
            Write(writer, variable.Value ?? "");
        }

        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <returns>Null: the bytes are not a setup, or have another version.</returns>
    public static WorkerSetup? TryRead(ReadOnlySpan<byte> bytes)
    {
        var reader = new Reader(bytes);
        if (reader.Number() != Mark || reader.Character() != ProtocolVersion.Current)
        {
            return null;
        }

        var setup = new WorkerSetup(
            Pipe: reader.Text(),
            Secret: reader.Bytes(Handshake.SecretLength).ToArray(),
            StatusPage: reader.Text(),
            Slot: reader.Number(),
            Name: reader.Text(),
            ProcessName: reader.Text(),
            Host: reader.Number(),
            Depth: reader.Number(),
            WaitForDebugger: reader.Number() != 0,
            ConnectTimeout: reader.Number(),
            Arguments: reader.OptionalText(),
            Results: reader.OptionalText(),
            MaxResultBytes: reader.LargeNumber(),
            ControlPipe: reader.OptionalText(),
            Application: reader.OptionalText(),
            FormerVariables: reader.Variables());
        return reader.IsCutShort ? null : setup;
    }

    private static void Write(BinaryWriter writer, string text)
    {
        writer.Write(text.Length);
        foreach (var character in text)
        {
            writer.Write((ushort)character);
        }
    }

    // A minimal reader: those of the framework for streams and UTF-8 would take a worker several milliseconds to load.
    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _left = bytes;

        public bool IsCutShort { get; private set; }

        public ReadOnlySpan<byte> Bytes(int count)
        {
            IsCutShort |= (uint)count > (uint)_left.Length;
            if (IsCutShort)
            {
                return [];
            }

            var taken = _left[..count];
            _left = _left[count..];
            return taken;
        }

        public int Number() => Bytes(sizeof(int)) is { Length: > 0 } bytes ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;

        public long LargeNumber() => Bytes(sizeof(long)) is { Length: > 0 } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

        public ushort Character() => Bytes(sizeof(char)) is { Length: > 0 } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

        public string Text()
        {
            var length = Number();
            IsCutShort |= (uint)length > (uint)_left.Length / sizeof(char);
            var characters = new char[IsCutShort ? 0 : length];
            for (var i = 0; i < characters.Length; i++)
            {
                characters[i] = (char)Character();
            }

            return new string(characters);
        }

        public EnvironmentVariable[] Variables()
        {
            var count = Number();
            IsCutShort |= (uint)count > (uint)_left.Length;
            var variables = new EnvironmentVariable[IsCutShort ? 0 : count];
            for (var i = 0; i < variables.Length; i++)
            {
                var name = Text();
                var isSet = Number() != 0;
                var value = Text();
                variables[i] = new EnvironmentVariable(name, isSet ? value : null);
            }

            return variables;
        }

        public string? OptionalText() => Text() is { Length: > 0 } text ? text : null;
    }
}
