using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace MultiProc.Protocol.Wire;

/// <summary>
/// The poll(2) state of a pipe: whether a small write would not block, and whether the other side has closed it.
/// </summary>
internal static partial class PipePoll
{
    private const short Writable = 4;
    private const short HungUp = 16;

    /// <summary>
    /// Whether a small write will not block. On Linux, a pipe is a socket, which is reported writable only while most
    /// of its buffer is free. Elsewhere false, and a thread writes.
    /// </summary>
    public static bool IsWritable(PipeStream pipe)
    {
        return OperatingSystem.IsLinux() && Poll(pipe, Writable) == Writable;
    }

    /// <summary>
    /// Whether the other side has closed the connection, however much of its input has not been read. False if that
    /// cannot be detected.
    /// </summary>
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
