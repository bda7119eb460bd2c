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

    [Spec]
    public async Task Node_is_told_with_the_promised_codes_what_is_wrong_and_the_connection_goes_on_as_promised()
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
            const add = process.argv[3];

            // Of writing to what has been hung up.
            process.on("unhandledRejection", () => {});
            function connect() {
              const socket = net.connect(process.argv[2]);
              socket.on("error", () => {});
              let told;
              const logger = { error: text => told?.(JSON.parse(text.slice(text.indexOf("{"))).code), warn() {}, info() {}, log() {} };
              const pool = rpc.createMessageConnection(new rpc.StreamMessageReader(socket), new rpc.StreamMessageWriter(socket), logger);
              pool.onError(() => {});
              pool.listen();
              return { pool, socket, closed: new Promise(resolve => pool.onClose(resolve)), toldOf: send => new Promise(resolve => { told = resolve; send(); }) };
            }
            const codeOf = request => request.then(result => `no error but ${JSON.stringify(result)}`, error => error.code);
            (async () => {
              const { pool, socket, toldOf, closed } = connect();
              const raw = text => () => socket.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
              console.log("no JSON", await toldOf(raw("{bad")));
              console.log("no request", await toldOf(raw("[]")));
              console.log("no method", await codeOf(pool.sendRequest("pool/none", {})));
              console.log("no such parameters", await codeOf(pool.sendRequest("pool/call", { function: 5 })));
              console.log("an array of them", await codeOf(pool.sendRequest("pool/info", rpc.ParameterStructures.byPosition, 5)));
              console.log("no such argument", await codeOf(pool.sendRequest("pool/call", { function: add, arguments: ["x", 2] })));
              console.log("no such function", await codeOf(pool.sendRequest("pool/call", { function: "None", arguments: [] })));

              // More than are read before some have been answered.
              const sums = await Promise.all(Array.from({ length: 1500 }, (_, n) => pool.sendRequest("pool/call", { function: add, arguments: [n, 1] })));
              console.log("many", sums.every((sum, n) => sum === n + 1));
              console.log("goes on", (await pool.sendRequest("pool/info")).name);
              console.log("too large", await toldOf(() => socket.write("Content-Length: 67108865\r\n\r\n{")));
              await closed;
              const sent = connect();
              sent.pool.sendRequest("pool/call", { function: add, arguments: ["x".repeat(68 * 2 ** 20)] }).catch(() => {});
              await sent.closed;
              const next = connect();
              console.log("the pool goes on", (await next.pool.sendRequest("pool/info")).name);
              next.pool.end();
              next.socket.end();
            })();
            """,
            Token);
        using var pool = await ServedPool.StartAsync();

        var ended = await pool.RunAsync("env", $"NODE_PATH={modules}", "node", script, pool.Pipe, Add);

        Assert.Equal("", ended.Error);
        Assert.Equal(
            [
                "no JSON -32700", "no request -32600", "no method -32601", "no such parameters -32602", "an array of them -32602", "no such argument -32602", "no such function 4",
                "many true", "goes on tested", "too large -32600", "the pool goes on tested",
            ],
            ended.Lines);
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
