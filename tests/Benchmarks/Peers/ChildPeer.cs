using System.Diagnostics;
using System.IO.Pipes;

namespace MultiProc.Benchmarks.Peers;

/// <summary>Another process of this program, at the other end of a named pipe.</summary>
internal sealed class ChildPeer : IDisposable
{
    private readonly Process _process;

    private ChildPeer(Process process, NamedPipeServerStream pipe) => (_process, Pipe) = (process, pipe);

    public NamedPipeServerStream Pipe { get; }

    /// <summary>Starts this program with <paramref name="role"/> and the pipe's name as its arguments.</summary>
    public static ChildPeer Start(string role, PipeOptions options)
    {
        var name = Path.Combine(Path.GetTempPath(), "mpb-" + Guid.NewGuid().ToString("n")[..12]);
        var pipe = new NamedPipeServerStream(OperatingSystem.IsWindows() ? Path.GetFileName(name) : name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, options);
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(ChildPeer).Assembly.Location, role, OperatingSystem.IsWindows() ? Path.GetFileName(name) : name]);
        var process = Process.Start(start)!;
        pipe.WaitForConnection();
        return new ChildPeer(process, pipe);
    }

    public static NamedPipeClientStream Connect(string name, PipeOptions options)
    {
        var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, options);
        pipe.Connect();
        return pipe;
    }

    public void Dispose()
    {
        Pipe.Dispose();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(2)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
