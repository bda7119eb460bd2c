using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

/// <summary>
/// The runtime calls it before the entry point of a program that names this assembly in <c>DOTNET_STARTUP_HOOKS</c>. It then runs the program's entry point once for
/// each command that it is told on standard input, and writes a mark on both outputs behind each: so specs run dozens of command lines and pay for one start.
/// </summary>
internal static class StartupHook
{
    private const int StandardInput = 0;

    public static void Initialize()
    {
        // Not for workers and other programs that a command starts.
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
        var program = Assembly.GetEntryAssembly()!.EntryPoint!;

        // Each command gets a standard input of its own, with an end; this one is not for it, and not for what it starts.
        using var commands = new StreamReader(new FileStream(new SafeFileHandle(DuplicateClosedInChildren(StandardInput), ownsHandle: true), FileAccess.Read, bufferSize: 1));
        while (commands.ReadLine() is { } line)
        {
            var command = JsonSerializer.Deserialize<Command>(line)!;
            Environment.SetEnvironmentVariable("TMPDIR", command.Temporary);
            using (var input = File.OpenHandle(command.Input))
            {
                if (Duplicate((int)input.DangerousGetHandle(), StandardInput) < 0)
                {
                    throw new InvalidOperationException("Standard input could not be replaced.");
                }
            }

            var exitCode = (int)program.Invoke(null, [command.Arguments])!;
            Mark(Console.OpenStandardOutput(), $"{command.Mark}{exitCode}\n");
            Mark(Console.OpenStandardError(), $"{command.Mark}{exitCode}\n");
        }

        Environment.Exit(0);
    }

    private static int DuplicateClosedInChildren(int descriptor)
    {
        const int DuplicateWithCloseOnExec = 1030;
        return Control(descriptor, DuplicateWithCloseOnExec, 3);
    }

    private static void Mark(Stream stream, string mark)
    {
        using (stream)
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(mark));
        }
    }

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int Control(int descriptor, int command, int argument);

    [DllImport("libc", EntryPoint = "dup2")]
    private static extern int Duplicate(int descriptor, int other);

    private sealed record Command(string[] Arguments, string Temporary, string Input, string Mark);
}
