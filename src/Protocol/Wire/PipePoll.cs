using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace MultiProc.Protocol.Wire;

/// <summary>Whether a pipe takes a small write without blocking.</summary>
internal static partial class PipePoll
{
    private const short Writable = 4;
    private const short HungUp = 16;

    /// <summary>
    /// On Unix, where a pipe is a socket: it is reported writable only while most of its buffer is free. Elsewhere the answer is no, and a thread writes.
    /// </summary>
    public static bool IsWritable(PipeStream pipe)
    {
        return OperatingSystem.IsLinux() && Poll(pipe, Writable) == Writable;
    }

    /// <summary>Whether the other side has closed the connection, however much of what it sent has not been read. Where that cannot be seen, the answer is no.</summary>
    public static bool IsHungUp(PipeStream pipe)
    {
        try
        {
            return OperatingSystem.IsLinux() && (Poll(pipe, 0) & HungUp) != 0;
        }
        catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException)
        {
            return true;
        }
    }

    private static short Poll(PipeStream pipe, short events)
    {
        var handle = pipe.SafePipeHandle;
        var isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            var request = new PollRequest { Descriptor = (int)handle.DangerousGetHandle(), Events = events };
            return poll(ref request, 1, 0) == 1 ? request.Returned : (short)0;
        }
        finally
        {
            if (isHeld)
            {
                handle.DangerousRelease();
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int poll(ref PollRequest requests, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
