using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MultiProc.Boundary;

/// <summary>
/// A factory for large arrays that are about to be filled. Getting their memory from the system page by page would take
/// longer than filling it.
/// </summary>
internal static unsafe class UninitializedArrays
{
    private const int HugePage = 1 << 21;

    // A smaller array may contain no whole huge page.
    private const int MinForHugePages = 2 * HugePage;

    private const int MinLarge = 1 << 18;

    // Slightly less than a region of large objects.
    private const int PlaceholderLength = 31 << 20;
    private const long MinMemoryForPlaceholder = 1L << 30;

    private static byte[]? _placeholder;

    /// <summary>
    /// Whether a placeholder array is allocated before the first large one. It is never touched, so it takes no memory,
    /// and fills the first region of large objects. The collector returns the free part of that region to the system
    /// each time, and reuses all other regions. It is meant for a process whose heap is its own.
    /// </summary>
    public static bool ReservesFirstRegion { get; set; }

    /// <summary>Creates an array whose content is undefined.</summary>
    public static T[] Create<T>(int length)
    {
        var bytes = (long)length * Unsafe.SizeOf<T>();
        if (bytes >= MinLarge && ReservesFirstRegion && _placeholder is null)
        {
            _placeholder = GC.AllocateUninitializedArray<byte>(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < MinMemoryForPlaceholder ? 0 : PlaceholderLength);
        }

        var array = GC.AllocateUninitializedArray<T>(length);
        if (bytes >= MinForHugePages && OperatingSystem.IsLinux())
        {
            AskForHugePages(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(array)), bytes);
        }

        return array;
    }

    // Applies to the whole pages within the array.
    [SupportedOSPlatform("linux")]
    private static void AskForHugePages(ref byte first, long bytes)
    {
        fixed (byte* address = &first)
        {
            var begin = ((nint)address + HugePage - 1) & -HugePage;
            var end = (nint)(address + bytes) & -HugePage;
            PageAdvice.UseLarge((byte*)begin, end - begin);
        }
    }
}
