using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MultiProc.Protocol.Memory;

/// <summary>
/// Advice to the system about ranges of pages (<c>madvise</c>), on Linux. If the system ignores it, nothing changes.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class PageAdvice
{
    private const int DropPages = 4;
    private const int RemovePages = 9;

    /// <summary>Frees the pages of a range of shared memory, in all processes.</summary>
    public static void Remove(byte* address, long bytes) => _ = madvise(address, (nuint)bytes, RemovePages);

    /// <summary>Removes the pages of a range of shared memory from this process alone.</summary>
    public static void Drop(byte* address, long bytes) => _ = madvise(address, (nuint)bytes, DropPages);

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);
}
