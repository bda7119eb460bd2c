using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MultiProc.Protocol.Memory;

/// <summary>Linux: what the system is told about ranges of pages (<c>madvise</c>). It is but advice: what the system refuses stays as it is.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class PageAdvice
{
    private const int DropPages = 4;
    private const int RemovePages = 9;

    /// <summary>Frees the pages of a range of shared memory, in all processes.</summary>
    public static void Remove(byte* address, long bytes) => _ = madvise(address, (nuint)bytes, RemovePages);

    /// <summary>Takes the pages of a range of shared memory out of this process alone.</summary>
    public static void Drop(byte* address, long bytes) => _ = madvise(address, (nuint)bytes, DropPages);

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);
}
