using MultiProc.Protocol.Launch;
using MultiProc.Protocol.Messages;

namespace MultiProc.Validation;

/// <summary>The ranges of all options, in one place.</summary>
internal static class OptionChecks
{
    public const int MaxProcesses = 4_096;

    private const int MaxNameLength = 64;
    private const long MinHeap = 16 << 20;

    public static void Check(ProcessPoolOptions options)
    {
        Range(options.Processes, 0, MaxProcesses, nameof(options.Processes));
        Range(options.StandbyWorkers, 0, MaxProcesses, nameof(options.StandbyWorkers));
        AtLeastOne(options.QueueCapacity, nameof(options.QueueCapacity));
        AtLeastOne(options.MaxTasksPerWorker, nameof(options.MaxTasksPerWorker));
        AtLeastOne(options.MaxWorkerMemoryBytes, nameof(options.MaxWorkerMemoryBytes));
        if (options.MaxWorkerHeapBytes is < MinHeap)
        {
            throw new ArgumentOutOfRangeException(
                OptionName(nameof(options.MaxWorkerHeapBytes)), options.MaxWorkerHeapBytes, $"{nameof(options.MaxWorkerHeapBytes)} must be at least {MinHeap}, or null.");
        }

        if (options.MaxResultBytes is < 1 or > IncomingResults.MaxBytes)
        {
            throw new ArgumentOutOfRangeException(
                OptionName(nameof(options.MaxResultBytes)), options.MaxResultBytes, $"{nameof(options.MaxResultBytes)} must be from 1 to {IncomingResults.MaxBytes}, or null.");
        }

        Range(options.MaxRestarts ?? 0, 0, int.MaxValue, nameof(options.MaxRestarts));
        Limit(options.RestartWindow, nameof(options.RestartWindow));
        Limit(options.TaskTimeout, nameof(options.TaskTimeout));
        Limit(options.StartTimeout, nameof(options.StartTimeout));
        ZeroOrLimit(options.CancellationGracePeriod, nameof(options.CancellationGracePeriod));
        ZeroOrLimit(options.StackCaptureTimeout, nameof(options.StackCaptureTimeout));
        Limit(options.SlowCallThreshold, nameof(options.SlowCallThreshold));
        if (!Enum.IsDefined(options.StartMethod))
        {
            throw new ArgumentOutOfRangeException(OptionName(nameof(options.StartMethod)), options.StartMethod, "There is no such start method.");
        }

        ArgumentNullException.ThrowIfNull(options.EnvironmentVariables, nameof(options.EnvironmentVariables));
        ArgumentNullException.ThrowIfNull(options.Debugging, nameof(options.Debugging));
        foreach (var slot in options.Debugging.Slots)
        {
            Range(slot, 0, MaxProcesses - 1, nameof(options.Debugging));
        }

        if (options.Name is { } name && !IsName(name))
        {
            throw new ArgumentException(
                $"'{name}' is no name for a pool: it has 1 to {MaxNameLength} letters, digits, dots, hyphens and underscores, and begins with a letter.",
                OptionName(nameof(options.Name)));
        }

        if (options.WorkerProcessName is { } process
            && (process.Length is 0 or > ProcessNames.MaxKindLength || process.Any(static letter => letter is <= ' ' or > '~' or '/')))
        {
            throw new ArgumentException(
                $"'{process}' cannot be part of a process's name: it must have 1 to {ProcessNames.MaxKindLength} printable ASCII characters, none of them a space or a slash.",
                OptionName(nameof(options.WorkerProcessName)));
        }

        if (options.RuntimeConfigurationFile is { } configuration && !File.Exists(configuration))
        {
            throw new ArgumentException($"There is no file {configuration}.", OptionName(nameof(options.RuntimeConfigurationFile)));
        }

        CheckDirectory(options.WorkingDirectory, nameof(options.WorkingDirectory));
        CheckDirectory(options.RecordDirectory, nameof(options.RecordDirectory));
        CheckDirectory(options.DumpOnCrash, nameof(options.DumpOnCrash));
        CheckDirectory(options.DumpOnTimeout, nameof(options.DumpOnTimeout));
    }

    /// <summary>A pool of processes keeps at least one; a pool in this process keeps none.</summary>
    public static void CheckSize(int processes, int startedWith)
    {
        if (startedWith == 0)
        {
            Range(processes, 0, 0, nameof(processes));
        }
        else
        {
            Range(processes, 1, MaxProcesses, nameof(processes));
        }
    }

    public static void Check(CallOptions options)
    {
        Limit(options.Timeout, nameof(options.Timeout));
        CheckStopping(options.CancellationGracePeriod, options.SlowCallThreshold);
        Range(options.MaxAttempts, 1, int.MaxValue, nameof(options.MaxAttempts));
    }

    public static void Check(MapOptions options)
    {
        Limit(options.Timeout, nameof(options.Timeout));
        CheckStopping(options.CancellationGracePeriod, options.SlowCallThreshold);
        Range(options.MaxAttempts, 1, int.MaxValue, nameof(options.MaxAttempts));
        AtLeastOne(options.ChunkSize, nameof(options.ChunkSize));
        AtLeastOne(options.MaxBuffered, nameof(options.MaxBuffered));
    }

    private static void CheckStopping(TimeSpan? gracePeriod, TimeSpan? slowCallThreshold)
    {
        if (gracePeriod is { } grace)
        {
            ZeroOrLimit(grace, nameof(CallOptions.CancellationGracePeriod));
        }

        Limit(slowCallThreshold, nameof(CallOptions.SlowCallThreshold));
    }

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= MaxNameLength && char.IsAsciiLetter(name[0]) && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    // An option's name says more than the name of the record that holds it.
    private static string OptionName(string name) => name;

    private static void CheckDirectory(string? directory, string name)
    {
        if (directory is not null && !Directory.Exists(directory))
        {
            throw new ArgumentException($"There is no directory {directory}.", OptionName(name));
        }
    }

    private static void Range(int value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {least} to {most}.");
        }
    }

    private static void AtLeastOne(long? value, string name)
    {
        if (value < 1)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 1, or null.");
        }
    }

    private static void ZeroOrLimit(TimeSpan value, string name)
    {
        if (value < TimeSpan.Zero || value.TotalMilliseconds > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from zero to {int.MaxValue} milliseconds.");
        }
    }

    private static void Limit(TimeSpan? value, string name)
    {
        if (value is { } limit && limit != Timeout.InfiniteTimeSpan && (limit <= TimeSpan.Zero || limit.TotalMilliseconds > int.MaxValue))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be above zero and at most {int.MaxValue} milliseconds, or Timeout.InfiniteTimeSpan.");
        }
    }
}
