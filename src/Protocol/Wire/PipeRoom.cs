using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace MultiProc.Protocol.Wire;

/// <summary>Whether a pipe takes a small write without blocking.</summary>
internal static partial class PipeRoom
{
    private const short Writable = 4;

    /// <summary>
    /// On Unix, where a pipe is a socket: it is reported writable only while most of its buffer is free. Elsewhere the answer is no, and a thread writes.
    /// </summary>
    public static bool IsAmple(PipeStream pipe)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        var handle = pipe.SafePipeHandle;
        var isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            var question = new PollRequest { Descriptor = (int)handle.DangerousGetHandle(), Events = Writable };
            return poll(ref question, 1, 0) == 1 && question.Answers == Writable;
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
        public short Answers;
    }
}
