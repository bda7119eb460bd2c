namespace MultiProc.HostSpecs.Control;

/// <summary><c>multiproc serve</c> with the test functions, and other terminals of the same user.</summary>
internal sealed class ServedPool : IDisposable
{
    public const string Functions = "MultiProc.TestFunctions.";

    private readonly Scratch _temporary = new();
    private readonly Started _serve;

    private ServedPool(string[] arguments) =>
        _serve = Started.In(_temporary.Path, Built.Multiproc, ["serve", Built.Functions, "--name", "tested", "--processes", "2", .. arguments]);

    public int Id => _serve.Id;

    /// <summary>The first line that it wrote.</summary>
    public string Greeting { get; private set; } = "";

    /// <summary>The path of its control pipe.</summary>
    public string Pipe => Directory.EnumerateFiles(Path.Combine(_temporary.Path, $"multiproc-{Environment.UserName}"), $"{Id}-*").Single();

    public StreamReader Output => _serve.Output;

    public static async Task<ServedPool> StartAsync(params string[] arguments)
    {
        var pool = new ServedPool(arguments);
        try
        {
            pool.Greeting = await pool.Output.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
            Assert.StartsWith("Serving 'tested' in process ", pool.Greeting, StringComparison.Ordinal);
            return pool;
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    /// <summary>Starts <c>multiproc</c> in another terminal.</summary>
    public Started Start(params string[] arguments) => Started.In(_temporary.Path, Built.Multiproc, arguments);

    /// <summary>Runs <c>multiproc</c> as in another terminal.</summary>
    public Task<Ended> AskAsync(params string[] arguments) =>
        CommandSession.Current is { } session ? session.RunAsync(arguments, _temporary.Path) : RunAsync(Built.Multiproc, arguments);

    /// <summary>Runs any program in another terminal.</summary>
    public async Task<Ended> RunAsync(string program, params string[] arguments)
    {
        using var started = Started.In(_temporary.Path, program, arguments);
        return await started.EndAsync();
    }

    public void Signal(int signal) => Posix.Signal(Id, signal);

    public Task<Ended> EndAsync() => _serve.EndWithOpenInputAsync();

    public void Dispose()
    {
        _serve.Dispose();
        _temporary.Dispose();
    }
}
