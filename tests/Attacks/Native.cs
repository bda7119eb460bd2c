using System.Runtime.InteropServices;

namespace MultiProc.Attacks;

/// <summary>What native code in a worker may do.</summary>
internal static partial class Native
{
    /// <summary>Runs a shell command, with the environment that native code sees.</summary>
    public static int System(string command) => system(command);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int system(string command);
}
