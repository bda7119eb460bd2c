using System.Runtime.InteropServices;

namespace MultiProc.SpecHost;

/// <summary>Takes the file descriptors of this process until none, or only some, are left.</summary>
internal sealed partial class Descriptors : IDisposable
{
    private readonly Stack<int> _taken = [];

    private Descriptors()
    {
    }

    public static Descriptors TakeAllBut(int left)
    {
        var descriptors = new Descriptors();
        while (dup(0) is var next and >= 0)
        {
            descriptors._taken.Push(next);
        }

        for (; left > 0; left--)
        {
            _ = close(descriptors._taken.Pop());
        }

        return descriptors;
    }

    public void Dispose()
    {
        while (_taken.TryPop(out var descriptor))
        {
            _ = close(descriptor);
        }
    }

    [LibraryImport("libc")]
    private static partial int dup(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
