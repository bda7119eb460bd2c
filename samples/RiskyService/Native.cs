using System.Runtime.InteropServices;

namespace RiskyService;

/// <summary>What should not run in a server: it reads memory that nobody promised to be there, and may not return.</summary>
internal static partial class Native
{
    /// <summary>How long a text is, as C sees it.</summary>
    /// <param name="text">"crash": given a bad pointer, as a buggy library might; "hang": never returns.</param>
    public static Measured Measure(string text)
    {
        if (text == "hang")
        {
            while (true)
            {
                _ = pause();
            }
        }

        var memory = text == "crash" ? 1 : Marshal.StringToCoTaskMemUTF8(text);
        try
        {
            return new Measured(strlen(memory), Environment.ProcessId);
        }
        finally
        {
            Marshal.FreeCoTaskMem(memory);
        }
    }

    [LibraryImport("libc")]
    private static partial nint strlen(nint text);

    [LibraryImport("libc")]
    private static partial int pause();
}
