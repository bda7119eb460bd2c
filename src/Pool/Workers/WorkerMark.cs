using System.Globalization;
using System.Security.Cryptography;
using MultiProc.Diagnostics;

namespace MultiProc.Workers;

/// <summary>
/// The mark that a pool's workers carry in their environment, and that all they start inherits, wherever it goes. It reads <c>pool.worker</c>; in a worker of a
/// worker, the marks of both, from outside in, with colons between.
/// </summary>
internal sealed class WorkerMark
{
    private const char Separator = ':';
    private const int RandomBytes = 8;

    private readonly string? _outer = Environment.GetEnvironmentVariable(EnvironmentNames.Mark);
    private int _workers;

    /// <summary>What all marks of this pool's workers begin with.</summary>
    public string Pool { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)) + ".";

    /// <summary>The mark of the next worker process.</summary>
    public string Next() => Pool + Interlocked.Increment(ref _workers).ToString(CultureInfo.InvariantCulture);

    /// <summary>The value of the environment variable for a worker with that mark.</summary>
    public string ValueFor(string mark) => string.IsNullOrEmpty(_outer) ? mark : _outer + Separator + mark;
}
