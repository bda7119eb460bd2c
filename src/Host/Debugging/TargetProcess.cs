using System.Globalization;
using MultiProc.Host.Functions;
using MultiProc.Host.Pools;

namespace MultiProc.Host.Debugging;

/// <summary>
/// A process that a verb looks into: named by its id, or a worker by its name - <c>w2</c>, the name of its process such as <c>imaging:w2</c>, or with its
/// pool's name or its host's id, <c>images/w2</c> or <c>4711/w2</c>. Workers are found by what their command lines say, whatever application has started them.
/// </summary>
/// <param name="Id">The process id.</param>
/// <param name="Name">The name of the process; empty when the system does not tell.</param>
/// <param name="Worker">The worker's name; empty when it is no worker.</param>
/// <param name="Host">The host's process id; 0 when it is no worker.</param>
internal sealed record TargetProcess(int Id, string Name, string Worker, int Host)
{
    private const string WorkerArgument = "--worker=";
    private const string HostArgument = "--host=";

    /// <exception cref="InvalidCallException">There is no such process, or there are several.</exception>
    public static async Task<TargetProcess> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return !OperatingSystem.IsLinux() ? new TargetProcess(id, "", "", 0)
                : Read(id) ?? throw new InvalidCallException($"There is no process {id} that you may look into.");
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new InvalidCallException($"Workers are found by name on Linux only. Give the process id instead of '{text}'.");
        }

        var workers = Workers().ToList();
        return await CalledAsync(workers, text, cancellationToken).ConfigureAwait(false) switch
        {
            [var only] => only,
            [] when workers.Count == 0 => throw new InvalidCallException($"There is no worker '{text}': no worker of any pool of yours is running."),
            [] => throw new InvalidCallException($"There is no worker '{text}'. Running: {Listed(workers)}."),
            var several => throw Ambiguous(text, several),
        };
    }

    /// <summary>
    /// What the runtime of a process keeps for those who look into it lies in that process's directory for temporary files, which may not be ours.
    /// From now on it is.
    /// </summary>
    public void ShareTemporaryDirectory()
    {
        const string Variable = "TMPDIR";
        if (OperatingSystem.IsLinux())
        {
            var theirs = File.ReadAllText($"/proc/{Id}/environ").Split('\0').FirstOrDefault(static entry => entry.StartsWith(Variable + "=", StringComparison.Ordinal));
            Environment.SetEnvironmentVariable(Variable, theirs?[(Variable.Length + 1)..]);
        }
    }

    /// <summary>A worker of that name for which the condition holds; null when there is none now.</summary>
    /// <exception cref="InvalidCallException">There are several.</exception>
    public static async Task<TargetProcess?> TryFindAsync(string text, Func<TargetProcess, bool> condition, CancellationToken cancellationToken) =>
        await CalledAsync(Workers().Where(condition), text, cancellationToken).ConfigureAwait(false) switch
        {
            [] => null,
            [var only] => only,
            var several => throw Ambiguous(text, several),
        };

    public override string ToString() => Name.Length == 0 ? $"process {Id}" : $"{Name}, process {Id}";

    private static InvalidCallException Ambiguous(string text, List<TargetProcess> workers) =>
        new($"'{text}' is the name of {workers.Count} workers: {Listed(workers)}. Give the process id, or POOL/{workers[0].Worker}; the pools' names: multiproc ps");

    private static string Listed(IEnumerable<TargetProcess> workers) =>
        string.Join(", ", workers.Select(static worker => $"{worker.Id} ({worker.Host}/{worker.Worker})"));

    // Only a pool knows its name; whatever else a worker is called, its process says.
    private static async Task<List<TargetProcess>> CalledAsync(IEnumerable<TargetProcess> workers, string text, CancellationToken cancellationToken)
    {
        if (text.Split('/') is not [var pool, var name] || int.TryParse(pool, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return [.. workers.Where(worker => worker.IsCalled(text))];
        }

        var pools = await PoolConnection.ListAsync(cancellationToken).ConfigureAwait(false);
        var ids = pools.Where(each => PoolFinder.Fits(each, pool)).SelectMany(static each => each.Workers)
            .Where(worker => worker.Name == name).Select(static worker => worker.ProcessId).ToHashSet();
        return [.. workers.Where(worker => ids.Contains(worker.Id))];
    }

    private static IEnumerable<TargetProcess> Workers() => All().Where(static process => process.Host != 0);

    private bool IsCalled(string text) => text == Worker || text == Name || text == string.Create(CultureInfo.InvariantCulture, $"{Host}/{Worker}");

    private static IEnumerable<TargetProcess> All() =>
        Directory.EnumerateDirectories("/proc")
            .Select(static directory => int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<TargetProcess>();

    private static TargetProcess? Read(int id)
    {
        try
        {
            // Of somebody else's process the descriptors cannot be listed, and nothing else could be done with it either.
            _ = Directory.EnumerateFileSystemEntries($"/proc/{id}/fd").Any();
            var name = File.ReadAllText($"/proc/{id}/comm").TrimEnd();
            var arguments = File.ReadAllText($"/proc/{id}/cmdline").Split('\0');
            var worker = Value(arguments, WorkerArgument);
            return new TargetProcess(id, name, worker, worker.Length > 0 && int.TryParse(Value(arguments, HostArgument), out var host) ? host : 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Value(string[] arguments, string option) =>
        arguments.FirstOrDefault(argument => argument.StartsWith(option, StringComparison.Ordinal))?[option.Length..] ?? "";
}
