using System.CommandLine;
using MultiProc.Host.Functions;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Debugging;

/// <summary><c>multiproc debug init-vscode</c>: launch and task entries for an application and its workers.</summary>
internal static class InitVsCodeCommand
{
    private const long DefaultWorkers = 2;

    public static Command Create()
    {
        var program = new Option<string>("--program", "-p")
        {
            Description = "The application's assembly, as launch.json names programs.",
            HelpName = "DLL",
            DefaultValueFactory = static _ => "${workspaceFolder}/bin/Debug/net10.0/App.dll",
        };
        var workers = NumberOption.Create("--workers", "How many workers get an entry.", 1, 64, "-w");
        workers.DefaultValueFactory = static _ => DefaultWorkers;
        var force = new Option<bool>("--force", "-f") { Description = "Overwrite launch.json and tasks.json if they are there." };
        var verb = new Verb(
            "init-vscode",
            "Writes .vscode/launch.json and tasks.json: one entry attaches to each worker as it begins to wait, and a compound starts application and worker together.",
            ("debug init-vscode --program '${workspaceFolder}/bin/Debug/net10.0/App.dll'", "For the application of this folder"),
            ("debug init-vscode --workers 4 --force", "Four workers, in place of what is there"));
        verb.Add(program);
        verb.Add(workers);
        verb.Add(force);
        verb.SetAction((parsed, _) => Outcome.OfAsync("debug init-vscode", _ =>
        {
            var folder = Directory.CreateDirectory(".vscode").FullName;
            (string Name, string Text)[] files =
            [
                ("launch.json", VsCodeFiles.Launch(parsed.GetRequiredValue(program), (int)parsed.GetValue(workers))),
                ("tasks.json", VsCodeFiles.Tasks((int)parsed.GetValue(workers))),
            ];
            if (!parsed.GetValue(force) && files.FirstOrDefault(file => File.Exists(Path.Combine(folder, file.Name))) is { Name: { } taken })
            {
                throw new InvalidCallException(
                    $".vscode/{taken} is there already and may hold your own entries. Write into an empty folder and copy what you need, or give --force to overwrite it.");
            }

            foreach (var (name, text) in files)
            {
                File.WriteAllText(Path.Combine(folder, name), text);
                Console.WriteLine(Path.Combine(".vscode", name));
            }

            return Task.FromResult(HostExitCode.Success);
        }));
        return verb;
    }
}
