using System.Runtime.InteropServices;

namespace MultiProc.Attacks.Doors;

/// <summary>Gives files to other users, which only root can.</summary>
internal static partial class Owner
{
    public static void Give(string path, int user) => Assert.Equal(0, chown(path, (uint)user, uint.MaxValue));

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint user, uint group);
}
