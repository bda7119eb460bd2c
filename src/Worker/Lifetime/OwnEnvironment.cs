using System.Runtime.InteropServices;
using MultiProc.Boundary;
using MultiProc.Protocol.Launch;

namespace MultiProc.Worker.Lifetime;

/// <summary>The environment of this process, which the programs that it starts inherit.</summary>
internal static partial class OwnEnvironment
{
    /// <summary>Restores variables that were set for this process's runtime alone. Before any user code.</summary>
    public static void Restore(EnvironmentVariable[] variables)
    {
        foreach (var variable in variables)
        {
            Set(variable.Name, variable.Value);
        }
    }

    private static void Set(string name, string? value)
    {
        if (!OperatingSystem.IsWindows())
        {
            // Changes the environment of the C library, which native code uses as well. The framework copies it when it
            // is first changed through the framework.
            _ = value is null ? unsetenv(Utf8Text.EncodeTerminated(name)) : setenv(Utf8Text.EncodeTerminated(name), Utf8Text.EncodeTerminated(value), 1);
        }

        if (Environment.GetEnvironmentVariable(name) != value)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    [LibraryImport("libc")]
    private static partial int setenv(byte[] name, byte[] value, int overwrite);

    [LibraryImport("libc")]
    private static partial int unsetenv(byte[] name);
}
