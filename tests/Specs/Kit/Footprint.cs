using System.Diagnostics;

namespace MultiProc.Specs.Kit;

/// <summary>What this process has of the operating system: processes below it, open files by kind, files in its temporary directory, control groups.</summary>
internal sealed class Footprint(IReadOnlySet<int> processes, IReadOnlyDictionary<string, int> openFiles, IReadOnlySet<string> files)
{
    // The runtime closes some handles a moment after their last use, and a killed process takes a moment to be gone.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    public static Footprint Empty { get; } = new(new HashSet<int>(), new Dictionary<string, int>(), new HashSet<string>());

    public static Footprint Take() =>
        new(ProcessTable.Below(Environment.ProcessId), OpenFiles.ByKind(), PrivateTemp.Files().Concat(ControlGroups.OfThisProcess()).ToHashSet());

    /// <summary>Fails when there is more than there was; ends the processes that are left, so that the next spec begins clean.</summary>
    public async Task ExpectAgainAsync()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var now = Take();
            var excess = now.Beyond(this);
            if (excess.Count == 0)
            {
                return;
            }

            if (waited.Elapsed > MaxWait)
            {
                foreach (var process in now._processes.Except(_processes))
                {
                    Posix.Signal(process, Posix.Kill);
                }

                Assert.Fail("Left behind: " + string.Join("; ", excess));
            }

            await Task.Delay(20);
        }
    }

    private readonly IReadOnlySet<int> _processes = processes;
    private readonly IReadOnlyDictionary<string, int> _openFiles = openFiles;
    private readonly IReadOnlySet<string> _files = files;

    private List<string> Beyond(Footprint before) =>
    [
        .. _processes.Except(before._processes).Select(static process => $"process {process} ({ProcessTable.CommandLine(process)})"),
        .. _openFiles
            .Where(kind => kind.Value > before._openFiles.GetValueOrDefault(kind.Key))
            .Select(kind => $"{kind.Value - before._openFiles.GetValueOrDefault(kind.Key)} open {kind.Key}"),
        .. _files.Except(before._files).Select(static file => "file " + file),
    ];
}
