using System.Text.Encodings.Web;
using System.Text.Json;

namespace MultiProc.Host.Debugging;

/// <summary>
/// The entries for Visual Studio Code. An attach entry needs a process that is there, so each is preceded by a task that returns once its worker waits; and it
/// finds the worker by the name of its process, so the application must not run twice.
/// </summary>
internal static class VsCodeFiles
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Launch(string program, int workers)
    {
        List<object> configurations = [Application("Application", program, [])];
        List<object> compounds = [];
        for (var slot = 0; slot < workers; slot++)
        {
            var starting = $"Application, worker w{slot} waits";
            configurations.Add(Application(starting, program, new Dictionary<string, string> { ["MULTIPROC_DEBUG"] = $"w{slot}" }));
            configurations.Add(new
            {
                name = $"Worker w{slot}",
                type = "coreclr",
                request = "attach",
                processName = $"mp:w{slot}",
                justMyCode = true,
                preLaunchTask = TaskName(slot),
            });
            compounds.Add(new { name = $"Application + worker w{slot}", configurations = new[] { starting, $"Worker w{slot}" }, stopAll = true });
        }

        configurations.Add(Application("Application, all in one process", program, new Dictionary<string, string> { ["MULTIPROC_INPROCESS"] = "1" }));
        return Text(new { version = "0.2.0", configurations, compounds });
    }

    public static string Tasks(int workers) => Text(new
    {
        version = "2.0.0",
        tasks = Enumerable.Range(0, workers).Select(static slot => new
        {
            label = TaskName(slot),
            type = "process",
            command = Verbs.Verb.Program,
            args = new[] { "debug", "wait", $"mp:w{slot}" },
            presentation = new { reveal = "silent" },
            problemMatcher = Array.Empty<string>(),
        }),
    });

    private static object Application(string name, string program, Dictionary<string, string> environment) => new
    {
        name,
        type = "coreclr",
        request = "launch",
        program,
        cwd = "${workspaceFolder}",
        env = environment,
        console = "integratedTerminal",
    };

    private static string TaskName(int slot) => $"wait for worker w{slot}";

    private static string Text(object content) => JsonSerializer.Serialize(content, Options) + Environment.NewLine;
}
