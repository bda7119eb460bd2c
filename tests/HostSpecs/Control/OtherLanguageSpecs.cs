using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MultiProc.HostSpecs.Control;

/// <summary>The examples of docs/control.md, run as they stand there.</summary>
public sealed partial class OtherLanguageSpecs : PoolSpec
{
    private const string Add = ServedPool.Functions + "Arithmetic.Add";
    private const string NodeClient = "vscode-jsonrpc@8.2.1";

    private static readonly Lazy<Task<string?>> NodeModules = new(InstallAsync);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Spec]
    public async Task Python_calls_with_its_standard_library_alone()
    {
        Assert.SkipUnless(await RunsAsync("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 8))"), "There is no Python 3.8 or later here.");
        using var scratch = new Scratch();
        var script = scratch.Mark("client.py").Path;
        await File.WriteAllTextAsync(script, string.Join("\n", CodeOf("python")), Token);
        using var pool = await ServedPool.StartAsync();

        var ended = await pool.RunAsync("python3", script, Path.GetDirectoryName(pool.Pipe)!, Add);

        Assert.Equal("", ended.Error);
        Assert.Equal("3\n9998\n", ended.Output);
    }

    [Spec]
    public async Task Node_calls_with_the_client_of_language_servers()
    {
        var modules = await NodeModules.Value;
        Assert.SkipWhen(modules is null, $"Node.js 18 or later is not here, or npm cannot install {NodeClient}.");
        using var scratch = new Scratch();
        var script = scratch.Mark("client.js").Path;
        await File.WriteAllTextAsync(script, string.Join("\n", CodeOf("js")), Token);
        using var pool = await ServedPool.StartAsync();

        var ended = await pool.RunAsync("env", $"NODE_PATH={modules}", "node", script, pool.Pipe, Add);

        Assert.Equal("3\n9998\n", ended.Output);
        Assert.EndsWith("5000 of 5000\n", ended.Error, StringComparison.Ordinal);
    }

    [Spec]
    public async Task Node_cancels_a_call_and_learns_what_failed()
    {
        var modules = await NodeModules.Value;
        Assert.SkipWhen(modules is null, $"Node.js 18 or later is not here, or npm cannot install {NodeClient}.");
        using var scratch = new Scratch();
        var script = scratch.Mark("client.js").Path;
        await File.WriteAllTextAsync(
            script,
            """
            const net = require("net");
            const rpc = require("vscode-jsonrpc/node");
            const socket = net.connect(process.argv[2]);
            const pool = rpc.createMessageConnection(new rpc.StreamMessageReader(socket), new rpc.StreamMessageWriter(socket));
            pool.listen();
            const functions = process.argv[3];
            const failure = request => request.then(result => `no error but ${result}`, error => `${error.code} ${error.data?.type ?? ""}`);
            (async () => {
              const cancel = new rpc.CancellationTokenSource();
              const sleep = pool.sendRequest("pool/call", { function: functions + "Sleep", arguments: [300000] }, cancel.token);
              const seen = new Promise(resolve => pool.onNotification("pool/changed", info => info.statistics.busy === 1 && resolve()));
              await pool.sendRequest("pool/subscribe", { interval: 0.02 });
              await seen;
              cancel.cancel();
              console.log(await failure(sleep));
              console.log(await failure(pool.sendRequest("pool/call", { function: functions + "Half", arguments: [3] })));
              console.log(await failure(pool.sendRequest("pool/call", { function: functions + "Half", arguments: ["x"] })));
              console.log(await failure(pool.sendRequest("pool/call", { function: "System.Environment.Exit", arguments: [1] })));
              console.log((await pool.sendRequest("pool/info")).name);
              pool.end();
              socket.end();
            })();
            """,
            Token);
        using var pool = await ServedPool.StartAsync();

        var ended = await pool.RunAsync("env", $"NODE_PATH={modules}", "node", script, pool.Pipe, ServedPool.Functions + "CommandFunctions.");

        Assert.Equal(["-32800 ", "1 System.IO.InvalidDataException", "-32602 ", "4 ", "tested"], ended.Lines);
    }

    private static IEnumerable<string> CodeOf(string language) =>
        CodeBlock().Matches(Built.Read("docs/control.md")).Where(block => block.Groups[1].Value == language).Select(static block => block.Groups[2].Value);

    // Once for all runs of this machine, outside of the repository.
    private static async Task<string?> InstallAsync()
    {
        if (!await RunsAsync("node", "-e", "process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)"))
        {
            return null;
        }

        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "multiproc-specs", NodeClient);
        var modules = Path.Combine(folder, "node_modules");
        Directory.CreateDirectory(folder);
        return Directory.Exists(Path.Combine(modules, "vscode-jsonrpc"))
            || await RunsAsync("npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--silent", NodeClient) ? modules : null;
    }

    private static async Task<bool> RunsAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync(Token);
            await process.StandardError.ReadToEndAsync(Token);
            await output;
            await process.WaitForExitAsync(Token);
            process.StandardOutput.Dispose();
            process.StandardError.Dispose();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // It is not here.
            return false;
        }
    }

    [GeneratedRegex("```(\\w+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
