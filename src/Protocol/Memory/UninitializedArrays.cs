using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MultiProc.Protocol.Memory;

/// <summary>MinLarge arrays that are about to be filled. To be given their memory by the system page by page would take longer than to fill it.</summary>
internal static unsafe class UninitializedArrays
{
    private const int HugePage = 1 << 21;

    // Smaller ones may hold no whole huge page.
    private const int MinForHugePages = 2 * HugePage;

    private const int MinLarge = 1 << 18;

    // One less than a region of large objects.
    private const int PlaceholderLength = 31 << 20;
    private const long MinMemoryForPlaceholder = 1L << 30;

    private static byte[]? _placeholder;

    /// <summary>
    /// Whether, before the first large array, one is made that is never touched, and so takes no memory: it fills the first region of large objects.
    /// The collector returns what is free of that one to the system each time; all others it uses again. For a process whose heap is not somebody else's.
    /// </summary>
    public static bool ReservesFirstRegion { get; set; }

    /// <summary>Makes one, whose content is not defined.</summary>
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

    // For whole pages within the array.
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
