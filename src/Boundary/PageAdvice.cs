using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MultiProc.Boundary;

/// <summary>
/// Advice to the system about ranges of pages (<c>madvise</c>), on Linux. If the system ignores it, nothing changes.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class PageAdvice
{
    private const int DropPages = 4;
    private const int RemovePages = 9;
    private const int UseHugePages = 14;

    /// <summary>Frees the pages of a range of shared memory, in all processes.</summary>
    public static void Remove(byte* address, long bytes) => _ = madvise(address, (nuint)bytes, RemovePages);

    /// <summary>Removes the pages of a range of shared memory from this process alone.</summary>
    public static void Drop(byte* address, long bytes) => _ = madvise(address, (nuint)bytes, DropPages);

    /// <summary>Asks for huge pages for a range that is about to be filled.</summary>
    public static void UseLarge(byte* address, long bytes) => _ = madvise(address, (nuint)bytes, UseHugePages);

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);
}
