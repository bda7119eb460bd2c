using System.Runtime.InteropServices;
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
            _ = value is null ? unsetenv(name) : setenv(name, value, 1);
        }

        if (Environment.GetEnvironmentVariable(name) != value)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unsetenv(string name);
}
