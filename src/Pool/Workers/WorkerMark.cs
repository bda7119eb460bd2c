using System.Globalization;
using System.Security.Cryptography;
using MultiProc.Diagnostics;

namespace MultiProc.Workers;

/// <summary>
/// What tells a pool's workers, and all they start, from other processes: a mark in their environment, and where that is possible a control group. The mark reads
/// <c>pool.worker</c>; in a worker of a worker, the marks of both, from outside in, with colons between. Thread-safe.
/// </summary>
internal sealed class WorkerMark
{
    private const char Separator = ':';
    private const int RandomBytes = 8;

    private readonly string? _outer = Environment.GetEnvironmentVariable(EnvironmentNames.Mark);
    private readonly Lazy<ControlGroup?> _group;
    private int _workers;

    public WorkerMark() => _group = new Lazy<ControlGroup?>(() => ControlGroup.TryCreate(Pool.TrimEnd('.')));

    /// <summary>What all marks of this pool's workers begin with.</summary>
    public string Pool { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)) + ".";

    /// <summary>The control group of the pool, created when it is first asked for; null: there can be none.</summary>
    public ControlGroup? Group => _group.Value;

    /// <summary>The mark of the next worker process.</summary>
    public string Next() => Pool + Interlocked.Increment(ref _workers).ToString(CultureInfo.InvariantCulture);

    /// <summary>The value of the environment variable for a worker with that mark.</summary>
    public string ValueFor(string mark) => string.IsNullOrEmpty(_outer) ? mark : _outer + Separator + mark;

    /// <summary>Kills all that is in the pool's control group, and removes it, if there is one.</summary>
    public Task EndGroupAsync() => _group is { IsValueCreated: true, Value: { } group } ? group.EndAsync() : Task.CompletedTask;
}
