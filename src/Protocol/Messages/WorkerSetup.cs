using System.Buffers.Binary;
using MultiProc.Protocol.Launch;
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
/// <param name="MaxResultBytes">The most bytes that the graph of a result may have.</param>
/// <param name="ControlPipe">The path of the pool's control pipe, to be removed if the host is killed; null: it has none.</param>
/// <param name="Application">The simple name of the host's entry assembly; null: it has none.</param>
/// <param name="FormerVariables">
/// Variables of the worker's environment that were set for its runtime alone, as they were before: it puts them back, so that what it starts does not inherit them.
/// </param>
internal sealed record WorkerSetup(
    string Pipe, byte[] Secret, string StatusPage, int Slot, string Name, string ProcessName, int Host, int Depth, bool WaitForDebugger, int ConnectTimeout,
    string? Arguments, string? Results, long MaxResultBytes, string? ControlPipe, string? Application, EnvironmentVariable[] FormerVariables)
{
    // "MPWS"
    private const int Mark = 0x5357504d;

    /// <summary>The form in which it is sent.</summary>
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
    /// <returns>Null: it is no setup, or that of another version.</returns>
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

    // The framework's readers of streams and of UTF-8 would take a worker several milliseconds to load.
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
