using System.Diagnostics;
using MultiProc.Protocol.Boundary;
using MultiProc.Protocol.Launch;
using MultiProc.Protocol.Records;
using MultiProc.Workers.Launch;

namespace MultiProc;

/// <summary>
/// A call that failed and was saved (<see cref="ProcessPoolOptions.RecordDirectory"/>), to be looked at and made again: in this process, as in a unit test that
/// one steps through, or in a fresh worker of the application that it comes from. Immutable; safe to use from any number of threads.
/// </summary>
public sealed class RecordedCall
{
    /// <summary>The key under which <see cref="Exception.Data"/> of a recorded call's exception holds the path of its record, a string.</summary>
    public const string PathKey = "MultiProc.Record";

    private readonly CallRecord _record;

    private RecordedCall(string path, CallRecord record)
    {
        Path = path;
        _record = record;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The function, or the name that its caller gave to the call.</summary>
    public string Function => _record.Header.Function;

    /// <summary>Its place in the source of its map, from 0; null for a call on its own.</summary>
    public long? Item => _record.Header.Item;

    /// <summary>When it failed, in UTC.</summary>
    public DateTimeOffset RecordedAt => _record.Header.RecordedAt;

    /// <summary>The full name of the exception's type.</summary>
    public string ErrorType => _record.Header.ErrorType;

    /// <summary>The exception's message.</summary>
    public string ErrorMessage => _record.Header.ErrorMessage;

    /// <summary>The exception's whole text, with the worker's stack trace.</summary>
    public string ErrorText => _record.Header.ErrorText;

    /// <summary>The time limit that the call had; null: none. Made again, it has none.</summary>
    public TimeSpan? Timeout => _record.Header.TimeoutMilliseconds is { } limit ? TimeSpan.FromMilliseconds(limit) : null;

    /// <summary>The application's deps file, which names its assemblies; null when it had none.</summary>
    public string? DependenciesFile => _record.Header.Application.Dependencies;

    /// <summary>Where it ran: operating system, runtime, host process and the like, by name.</summary>
    public IReadOnlyDictionary<string, string> Environment => _record.Header.Summary;

    /// <summary>Reads a record.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no record, not a whole one, or one of another version.</exception>
    public static RecordedCall Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var full = System.IO.Path.GetFullPath(path);
        return new RecordedCall(full, CallRecord.Read(full));
    }

    /// <summary>
    /// Makes the call again, in this process, on a thread of its own: first the pool's initializer, then the function. This process must have the application's
    /// assemblies, of the same build. The call's own token is <paramref name="cancellationToken"/>; other tokens are never signalled; progress is
    /// written to standard error.
    /// </summary>
    /// <param name="cancellationToken">Handed to the function.</param>
    /// <returns>What the function returned; null where it returns nothing. What it throws, the task throws.</returns>
    /// <exception cref="ProcessPoolException">From the task: the call cannot be made here, such as when an assembly is missing, or the call holds a <c>Shared*</c> object.</exception>
    public Task<object?> InvokeAsync(CancellationToken cancellationToken = default) => InvokeAsync(breaksIntoDebugger: false, cancellationToken);

    /// <summary>The same, and before the function begins, the debugger that is attached to this process stops it.</summary>
    /// <param name="breaksIntoDebugger">Whether it does; without a debugger it makes no difference.</param>
    /// <param name="cancellationToken">Handed to the function.</param>
    /// <returns>What the function returned; null where it returns nothing. What it throws, the task throws.</returns>
    /// <exception cref="ProcessPoolException">From the task: the call cannot be made here, such as when an assembly is missing, or the call holds a <c>Shared*</c> object.</exception>
    public Task<object?> InvokeAsync(bool breaksIntoDebugger, CancellationToken cancellationToken = default) =>
        Task.Factory.StartNew(() => Invoke(breaksIntoDebugger, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>
    /// How to start a fresh worker of the application that makes the call again: it prints the result, or the exception on standard error, and exits with code
    /// 0, or 1 if the function threw, or above 60 if the call cannot be made. Start it with <c>Process.Start</c>.
    /// </summary>
    /// <param name="waitForDebugger">Whether it waits for a debugger before it runs anything, and has it stop once more before the function begins.</param>
    public ProcessStartInfo InNewWorker(bool waitForDebugger = false) => Program(new RecordArguments(Path, Shows: false, waitForDebugger));

    /// <summary>How to start a process that prints the call's arguments, and the variables that a lambda brought, a line for each, much like JSON.</summary>
    public ProcessStartInfo ShowArguments() => Program(new RecordArguments(Path, Shows: true, Waits: false));

    private object? Invoke(bool breaks, CancellationToken cancellationToken)
    {
        var function = new RecordedFunction(_record, new RecordedLive(Console.Error, cancellationToken));
        try
        {
            function.Initialize();
            return function.Invoke(breaks);
        }
        catch (BoundaryFormatException exception)
        {
            throw new ProcessPoolException($"The recorded call cannot be made in this process: {exception.Message}", exception);
        }
    }

    private ProcessStartInfo Program(RecordArguments arguments)
    {
        var start = WorkerLaunch.CreateProgram(_record.Header.Application, _record.Header.EnvironmentVariables);
        foreach (var argument in arguments.ToArray())
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
