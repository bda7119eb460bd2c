using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MultiProc.Boundary;

/// <summary>Large arrays that are about to be filled. To be given their memory by the system page by page would take longer than to fill it.</summary>
internal static unsafe partial class UninitializedArrays
{
    private const int UseHugePages = 14;
    private const int HugePage = 1 << 21;

    // Smaller ones may hold no whole huge page.
    private const int MinForHugePages = 2 * HugePage;

    private const int Large = 1 << 18;

    // One less than a region of large objects.
    private const int HeldLength = 31 << 20;
    private const long AmpleMemory = 1L << 30;

    private static byte[]? _held;

    /// <summary>
    /// Whether, before the first large array, one is made that is never touched, and so takes no memory: it fills the first region of large objects.
    /// The collector returns what is free of that one to the system each time; all others it uses again. For a process whose heap is not somebody else's.
    /// </summary>
    public static bool HoldsFirstRegion { get; set; }

    /// <summary>Makes one, whose content is not defined.</summary>
    public static T[] Create<T>(int length)
    {
        var bytes = (long)length * Unsafe.SizeOf<T>();
        if (bytes >= Large && HoldsFirstRegion && _held is null)
        {
            _held = GC.AllocateUninitializedArray<byte>(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < AmpleMemory ? 0 : HeldLength);
        }

        var array = GC.AllocateUninitializedArray<T>(length);
        if (bytes >= MinForHugePages && OperatingSystem.IsLinux())
        {
            AskForHugePages(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(array)), bytes);
        }

        return array;
    }

    // For whole pages within the array.
    [SupportedOSPlatform("linux")]
    private static void AskForHugePages(ref byte first, long bytes)
    {
        fixed (byte* address = &first)
        {
            var begin = ((nint)address + HugePage - 1) & -HugePage;
            var end = (nint)(address + bytes) & -HugePage;
            _ = madvise((void*)begin, (nuint)(end - begin), UseHugePages);
        }
    }

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);
}
