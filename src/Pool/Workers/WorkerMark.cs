using System.Globalization;
using System.Security.Cryptography;
using MultiProc.Diagnostics;

namespace MultiProc.Workers;

/// <summary>
/// The mark by which a pool's workers, and all processes that they start, are told from other processes. It is a
/// variable in their environment, and where possible also a control group. The value reads <c>pool.worker</c>. In a
/// worker of a worker it holds the marks of both, the outer one first, separated by colons. Thread-safe.
/// </summary>
internal sealed class WorkerMark
{
    private const char Separator = ':';
    private const int RandomBytes = 8;

    private readonly string? _outer = Environment.GetEnvironmentVariable(EnvironmentNames.Mark);
    private readonly Lazy<ControlGroup?> _group;
    private int _workers;

    public WorkerMark() => _group = new Lazy<ControlGroup?>(() => ControlGroup.TryCreate(Pool.TrimEnd('.')));

    /// <summary>The prefix of the marks of all of this pool's workers.</summary>
    public string Pool { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)) + ".";

    /// <summary>The control group of the pool, created when first read; null: none can be created.</summary>
    public ControlGroup? Group => _group.Value;

    /// <summary>Creates the mark of the next worker process.</summary>
    public string Next() => Pool + Interlocked.Increment(ref _workers).ToString(CultureInfo.InvariantCulture);

    /// <summary>The value of the environment variable for a worker with this mark.</summary>
    public string ValueFor(string mark) => string.IsNullOrEmpty(_outer) ? mark : _outer + Separator + mark;

    /// <summary>Kills all processes in the pool's control group and removes the group, if there is one.</summary>
    public Task EndGroupAsync() => _group is { IsValueCreated: true, Value: { } group } ? group.EndAsync() : Task.CompletedTask;
}
