using System.Globalization;
using System.Text;

namespace MultiProc.Host.Debugging;

/// <summary>How to attach a debugger to a process, for each that is known.</summary>
internal static class AttachInfo
{
    public static IReadOnlyList<string> Tools { get; } = ["vscode", "rider", "vs", "lldb", "gdb"];

    public static string NameOf(string tool) => tool switch
    {
        "vscode" => "Visual Studio Code",
        "rider" => "JetBrains Rider",
        "vs" => "Visual Studio",
        "lldb" => "lldb (native code; managed frames need the SOS extension)",
        _ => "gdb (native code)",
    };

    public static string Of(TargetProcess process, IEnumerable<string> tools)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{process}{State(process)}");
        foreach (var tool in tools)
        {
            text.AppendLine();
            text.AppendLine(NameOf(tool));
            text.AppendLine(Steps(tool, process));
        }

        return text.ToString();
    }

    // One debugger at a time: a second managed one would throw out the first, and leave the worker frozen.
    private static string State(TargetProcess process) =>
        WorkerDiagnostics.IsDebuggerAttached(process.Id) ? ": a debugger is attached already. Detach it first; a second one would freeze the process."
        : WorkerDiagnostics.IsWaitingForDebugger(process.Id) ? ": waits for a debugger."
        : "";

    private static string Steps(string tool, TargetProcess process) => tool switch
    {
        "vscode" => $$"""
              In .vscode/launch.json, under "configurations":
                { "name": "Attach to {{Label(process)}}", "type": "coreclr", "request": "attach", "processId": {{process.Id}}, "justMyCode": true }
              Or without it: "Debug: Attach to a .NET process", and type {{Label(process)}}.
            """,
        "rider" => $"""
              Run | Attach to Process..., type {process.Id}, and choose ".NET" as the debugger.
            """,
        "vs" => $"""
              Debug | Attach to Process... (Ctrl+Alt+P), and choose process {process.Id}: on this machine as it is, on another one through connection type SSH.
            """,
        "lldb" => $"""
              lldb -p {process.Id}
            """,
        _ => $"""
              gdb -p {process.Id}
            """,
    };

    private static string Label(TargetProcess process) => process.Name.Length > 0 ? process.Name : process.Id.ToString(CultureInfo.InvariantCulture);
}
