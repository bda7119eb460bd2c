using System.Diagnostics;
using MultiProc.Boundary;
using MultiProc.Protocol.Launch;
using MultiProc.Protocol.Records;
using MultiProc.Records;
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

    private readonly RecordFile _file;
    private readonly CallRecord _record;
    private readonly bool _isTrusted;

    private RecordedCall(string path, RecordFile file, string? foreignReason, bool isTrusted)
    {
        Path = path;
        ForeignReason = foreignReason;
        _file = file;
        _record = file.Record;
        _isTrusted = isTrusted;
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

    /// <summary>
    /// Whether somebody else may have written the record: it does not carry the keyed hash of this user, it was altered, or its file belongs to another user. Whatever it
    /// says may then be made up, and to make its call again may do anything that this user may do: <see cref="InvokeAsync(CancellationToken)"/>,
    /// <see cref="InNewWorker(bool)"/> and <see cref="ShowArguments()"/> refuse it unless it was loaded as trusted.
    /// </summary>
    public bool IsForeign => ForeignReason is not null;

    /// <summary>Why the record counts as foreign; null: it does not.</summary>
    public string? ForeignReason { get; }

    /// <summary>Reads a record. A foreign one can be looked at only; see <see cref="IsForeign"/>.</summary>
    /// <param name="path">The file: an ordinary one, not a link.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read the file.</exception>
    /// <exception cref="InvalidDataException">It is no record, not a whole one, one of another version, or no ordinary file.</exception>
    public static RecordedCall Load(string path) => Load(path, trustForeign: false);

    /// <summary>As <see cref="Load(string)"/>, and says what becomes of a foreign record.</summary>
    /// <param name="path">The file: an ordinary one, not a link.</param>
    /// <param name="trustForeign">
    /// Whether its call may be made again although it is foreign. Even then its function and initializer must be methods of the application's assemblies, its arguments
    /// are decoded as what a worker sends, and its environment variables and working directory are not used.
    /// </param>
    /// <inheritdoc cref="Load(string)" path="/exception"/>
    public static RecordedCall Load(string path, bool trustForeign)
    {
        ArgumentNullException.ThrowIfNull(path);
        var full = System.IO.Path.GetFullPath(path);
        var file = RecordFile.Read(full);
        return new RecordedCall(full, file, file.ForeignReason(RecordKey.Find()), trustForeign);
    }

    /// <summary>
    /// Makes the call again, in this process, on a thread of its own: first the pool's initializer, then the function. This process must have the application's
    /// assemblies, of the same build. The call's own token is <paramref name="cancellationToken"/>; other tokens are never signalled; progress is
    /// written to standard error.
    /// </summary>
    /// <param name="cancellationToken">Handed to the function.</param>
    /// <returns>What the function returned; null where it returns nothing. What it throws, the task throws.</returns>
    /// <exception cref="ProcessPoolException">From the task: the call cannot be made here, such as when an assembly is missing, or the call holds a <c>Shared*</c> object.</exception>
    /// <exception cref="InvalidOperationException">The record is foreign and was not loaded as trusted.</exception>
    public Task<object?> InvokeAsync(CancellationToken cancellationToken = default) => InvokeAsync(breaksIntoDebugger: false, cancellationToken);

    /// <summary>The same, and before the function begins, the debugger that is attached to this process stops it.</summary>
    /// <param name="breaksIntoDebugger">Whether it does; without a debugger it makes no difference.</param>
    /// <param name="cancellationToken">Handed to the function.</param>
    /// <returns>What the function returned; null where it returns nothing. What it throws, the task throws.</returns>
    /// <exception cref="ProcessPoolException">From the task: the call cannot be made here, such as when an assembly is missing, or the call holds a <c>Shared*</c> object.</exception>
    /// <exception cref="InvalidOperationException">The record is foreign and was not loaded as trusted.</exception>
    public Task<object?> InvokeAsync(bool breaksIntoDebugger, CancellationToken cancellationToken = default)
    {
        RequireTrust($"{nameof(Load)}(path, trustForeign: true)");
        return Task.Factory.StartNew(() => Invoke(breaksIntoDebugger, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>
    /// How to start a fresh worker of the application that makes the call again: it prints the result, or the exception on standard error, and exits with code
    /// 0, or 1 if the function threw, or above 60 if the call cannot be made. Start it with <c>Process.Start</c>.
    /// </summary>
    /// <param name="waitForDebugger">Whether it waits for a debugger before it runs anything, and has it stop once more before the function begins.</param>
    /// <exception cref="InvalidOperationException">The record is foreign and was not loaded as trusted: it may name any program.</exception>
    public ProcessStartInfo InNewWorker(bool waitForDebugger = false)
    {
        RequireTrust($"{nameof(InNewWorker)}(application)");
        return AsRecorded(shows: false, waitForDebugger);
    }

    /// <summary>As <see cref="InNewWorker(bool)"/>, in a worker of the given application instead of the one that the record names. It is the way to say yes to a foreign record.</summary>
    /// <param name="application">The path of the application's own assembly, a <c>.dll</c>; or of its program, where it is self-contained or a single file.</param>
    /// <param name="waitForDebugger">As for <see cref="InNewWorker(bool)"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="application"/> is null.</exception>
    /// <exception cref="FileNotFoundException">There is no such application.</exception>
    /// <exception cref="WorkerStartException">The worker program is missing.</exception>
    public ProcessStartInfo InNewWorker(string application, bool waitForDebugger = false) => Of(application, shows: false, waitForDebugger);

    /// <summary>How to start a process that prints the call's arguments, and the variables that a lambda brought, a line for each, much like JSON.</summary>
    /// <exception cref="InvalidOperationException">The record is foreign and was not loaded as trusted: it may name any program.</exception>
    public ProcessStartInfo ShowArguments()
    {
        RequireTrust($"{nameof(ShowArguments)}(application)");
        return AsRecorded(shows: true, waits: false);
    }

    /// <summary>As <see cref="ShowArguments()"/>, by a worker of the given application instead of the one that the record names.</summary>
    /// <inheritdoc cref="InNewWorker(string, bool)" path="/param[@name='application']"/>
    /// <inheritdoc cref="InNewWorker(string, bool)" path="/exception"/>
    public ProcessStartInfo ShowArguments(string application) => Of(application, shows: true, waits: false);

    private void RequireTrust(string wayOut)
    {
        if (IsForeign && !_isTrusted)
        {
            throw new InvalidOperationException($"{Path} is not a record of this user: {ForeignReason}. It may do anything when it is run. If you trust it, use {wayOut}.");
        }
    }

    private object? Invoke(bool breaks, CancellationToken cancellationToken)
    {
        var function = new RecordedFunction(_record, new RecordedLive(Console.Error, cancellationToken), IsForeign ? "" : null);
        try
        {
            function.Initialize();
            return function.Invoke(breaks);
        }
        catch (Exception exception) when (exception is BoundaryFormatException or BoundaryException)
        {
            throw new ProcessPoolException($"The recorded call cannot be made in this process: {exception.Message}", exception);
        }
    }

    // Of a foreign one only the program is taken, which its reader has agreed to.
    private ProcessStartInfo AsRecorded(bool shows, bool waits)
    {
        var application = _record.Header.Application;
        var start = IsForeign
            ? WorkerLaunch.CreateProgram(application with { WorkingDirectory = System.Environment.CurrentDirectory }, new Dictionary<string, string?>())
            : WorkerLaunch.CreateProgram(application, _record.Header.EnvironmentVariables);
        return Complete(start, shows, waits, application.Dependencies is { } dependencies ? WorkerLaunch.NameOfApplication(dependencies) : "");
    }

    private ProcessStartInfo Of(string application, bool shows, bool waits)
    {
        ArgumentNullException.ThrowIfNull(application);
        var full = System.IO.Path.GetFullPath(application);
        if (!System.IO.File.Exists(full))
        {
            throw new FileNotFoundException($"There is no application {full}.", full);
        }

        var named = WorkerLaunch.Describe(full) with
        {
            WorkingDirectory = IsForeign ? System.Environment.CurrentDirectory : _record.Header.Application.WorkingDirectory,
        };
        var start = WorkerLaunch.CreateProgram(named, IsForeign ? new Dictionary<string, string?>() : _record.Header.EnvironmentVariables);
        return Complete(start, shows, waits, WorkerLaunch.NameOfApplication(full));
    }

    private ProcessStartInfo Complete(ProcessStartInfo start, bool shows, bool waits, string application)
    {
        foreach (var argument in new RecordArguments(Path, shows, waits, _file.Digest, IsForeign ? application : null).ToArray())
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
