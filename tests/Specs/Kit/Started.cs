using System.Diagnostics;

namespace MultiProc.Specs.Kit;

/// <summary>A program run as a user runs it. However it ends, no worker of it may be left.</summary>
internal sealed class Started : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Leave = TimeSpan.FromSeconds(2);

    private readonly Scratch? _ownTemporary;
    private readonly Process _process;
    private readonly Task<string> _error;

    private Started(string program, IEnumerable<string> arguments, string? directory = null, string? temporary = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };

        // Nobody tidies up behind a worker that is killed: what the runtime leaves is left here.
        _ownTemporary = temporary is null ? new Scratch() : null;
        start.Environment["TMPDIR"] = temporary ?? _ownTemporary!.Path;
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>Starts <c>multiproc</c>.</summary>
    public static Started Multiproc(params string[] arguments) => new(Built.Multiproc, arguments);

    /// <summary>Starts any program with a temporary directory that others use, too, and so sees their pools.</summary>
    public static Started In(string temporary, string program, params string[] arguments) => new(program, arguments, temporary: temporary);

    /// <summary>Runs <c>multiproc</c> to its end.</summary>
    public static Task<Ended> MultiprocToEndAsync(params string[] arguments) => ToEndAsync(Built.Multiproc, arguments);

    /// <summary>The same in a directory.</summary>
    public static async Task<Ended> MultiprocInAsync(string directory, params string[] arguments)
    {
        using var started = new Started(Built.Multiproc, arguments, directory);
        return await started.EndAsync();
    }

    /// <summary>Runs <c>multiproc</c> to its end: in the session of these specs, or, where they have none, as a process of its own.</summary>
    public static Task<Ended> CommandToEndAsync(params string[] arguments) =>
        CommandSession.Current is { } session ? session.RunAsync(arguments) : MultiprocToEndAsync(arguments);

    /// <summary>Runs <c>multiproc run</c> with a function of <see cref="TestFunctions.CommandFunctions"/> to its end, in a session if there is one.</summary>
    public static Task<Ended> FunctionToEndAsync(string function, params string[] arguments) => CommandToEndAsync(FunctionCall(function, arguments));

    /// <summary>The same with lines for its standard input.</summary>
    public static async Task<Ended> FunctionOverLinesAsync(string function, string lines, params string[] arguments)
    {
        var call = FunctionCall(function, ["--input", "-", "--processes", "2", .. arguments]);
        if (CommandSession.Current is { } session)
        {
            return await session.RunAsync(call, input: lines);
        }

        using var started = Multiproc(call);
        return await started.EndAsync(lines);
    }

    /// <summary>Runs any program to its end.</summary>
    public static async Task<Ended> ToEndAsync(string program, params string[] arguments)
    {
        using var started = new Started(program, arguments);
        return await started.EndAsync();
    }

    /// <summary>The arguments that make <c>multiproc</c> call a function of <see cref="TestFunctions.CommandFunctions"/>.</summary>
    public static string[] FunctionCall(string function, params string[] arguments) =>
        ["run", Built.Functions, $"MultiProc.TestFunctions.CommandFunctions.{function}", .. arguments];

    /// <summary>Gives it its input, waits for its end and for that of its workers.</summary>
    public async Task<Ended> EndAsync(string input = "")
    {
        await _process.StandardInput.WriteAsync(input);
        _process.StandardInput.Close();
        return await EndWithOpenInputAsync();
    }

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public async Task<Ended> EndWithOpenInputAsync() => await EndedAsync(await Output.ReadToEndAsync().WaitAsync(MaxWait));

    public Task<Ended> EndedUnreadAsync() => EndedAsync("");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        // The process does not close what somebody reads; left to the garbage collector, the pipes would be charged to a later spec.
        _process.StandardInput.Dispose();
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
        _ownTemporary?.Dispose();
    }

    private async Task<Ended> EndedAsync(string output)
    {
        await _process.WaitForExitAsync().WaitAsync(MaxWait);
        await Eventually.TrueWithinAsync(Leave, () => ProcessTable.Below(Id).Count == 0);
        return new Ended(_process.ExitCode, output, await _error.WaitAsync(MaxWait));
    }
}
