using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using MultiProc.Validation;

namespace MultiProc;

/// <summary>The settings of a pool. Immutable; safe to share between pools and threads. Checked by <see cref="ProcessPool.StartAsync(ProcessPoolOptions?, CancellationToken)"/>.</summary>
public sealed partial record ProcessPoolOptions
{
    /// <summary>
    /// How many worker processes to keep alive. Default <see cref="Environment.ProcessorCount"/>, which knows about affinity and container limits.
    /// 0: calls run in this process, one after another, through the same copy boundary (for stepping in a debugger and for tests); the environment variable
    /// <c>MULTIPROC_INPROCESS=1</c> makes it 0. At most 4,096.
    /// </summary>
    public int Processes { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// How many more workers to keep started and initialised, waiting to replace a lost or retired one at once. Default 0. At most 4,096.
    /// While one waits, its <see cref="WorkerContext.Slot"/> is -1.
    /// </summary>
    public int StandbyWorkers { get; init; }

    /// <summary>
    /// The most calls that may wait to begin. When that many do, submitting waits: the returned task is not yet accepted and can be cancelled.
    /// Default null: unbounded. At least 1.
    /// </summary>
    public int? QueueCapacity { get; init; }

    /// <summary>
    /// An existing directory in which each call that throws, runs past its limit or loses its worker is saved as a file with its function, arguments and error,
    /// to be made again with <c>multiproc replay</c> or <see cref="RecordedCall"/>. It holds whatever the arguments hold, readable for this user only. At most
    /// 1,000 calls, and 1 GiB of arguments, of one pool are saved. Calls that succeed cost nothing. Default null: off.
    /// </summary>
    public string? RecordDirectory { get; init; }

    /// <summary>
    /// How many calls, and items of maps, one worker process runs before it is replaced by a fresh one (<c>maxtasksperchild</c> in Python).
    /// Each replacement costs one process start. Default null: never replaced. At least 1.
    /// </summary>
    public int? MaxTasksPerWorker { get; init; }

    /// <summary>A worker whose physical memory is above this many bytes when a call ends is replaced before its next call. Default null: no limit. At least 1.</summary>
    public long? MaxWorkerMemoryBytes { get; init; }

    /// <summary>
    /// The most bytes that a worker's managed heap may take. A function that wants more gets an <see cref="OutOfMemoryException"/>, and the others are not
    /// harmed. Default null: no limit of its own. At least 16 MiB. (The runtime's <c>GCHeapHardLimit</c>.)
    /// </summary>
    public long? MaxWorkerHeapBytes { get; init; }

    /// <summary>
    /// The most bytes that the result of a call may take as a copy, and each item of a map, and each value that is reported to an <see cref="IProgress{T}"/>. A
    /// call with a larger one fails with <see cref="NotSerializableException"/>. It also bounds what a worker that is broken, or hostile, can make this process
    /// hold for a call; an exception may take 1 MiB in any case. Holds for <see cref="Processes"/> = 0 too. The items of a <see cref="SharedQueue{T}"/> that workers
    /// have count in the same way, where a worker puts them in and where this process takes them out. Default null: the largest, 2,147,483,591. At least 1.
    /// </summary>
    public long? MaxResultBytes { get; init; }

    /// <summary>
    /// How many workers may be lost within <see cref="RestartWindow"/>, in calls or not, before the pool gives up: every waiting and new call then fails with
    /// <see cref="WorkerStartException"/>. At least 0. (The restart intensity of Erlang's supervisors.) Default null: losses in calls do not count, for they
    /// cost their own call only, and are replaced at once. In any case the pool gives up when the same worker could not be started, or ended by itself within
    /// <see cref="RestartWindow"/> of its start without having ended a call, six times in a row; between those starts it waits, from 0.1 up to 5 seconds.
    /// </summary>
    public int? MaxRestarts { get; init; }

    /// <summary>The time within which losses are counted; see <see cref="MaxRestarts"/>. Default 1 minute. Above zero, at most <see cref="int.MaxValue"/> milliseconds.</summary>
    public TimeSpan RestartWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The time limit of calls that set none; see <see cref="CallOptions.Timeout"/>. Default null: no limit.
    /// Otherwise above zero and at most <see cref="int.MaxValue"/> milliseconds.
    /// </summary>
    public TimeSpan? TaskTimeout { get; init; }

    /// <summary>
    /// How long a function that was cancelled, or ran past its limit, may go on after its token was signalled; then its worker is killed and replaced.
    /// Calls and maps can have their own. A function that ran past its limit without ever having been handed its token gets none: nothing could see the signal.
    /// Default 2 seconds. From zero to <see cref="int.MaxValue"/> milliseconds.
    /// </summary>
    public TimeSpan CancellationGracePeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long may be spent on finding out where a function is stuck that ran past its limit and did not stop, before its worker is killed; see
    /// <see cref="CallTimeoutException.RemoteStackTrace"/>. It takes a second process for some tenths of a second, and is done while the grace period runs, if
    /// there is one. Default 0.4 seconds: then the caller of a function that takes no token is free within half a second after its limit. A longer one is waited
    /// for. Zero: it is not tried. At most <see cref="int.MaxValue"/> milliseconds.
    /// </summary>
    public TimeSpan StackCaptureTimeout { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// A call, or an item of a map, that runs for longer than this is logged as a warning, once; see <see cref="CallOptions.SlowCallThreshold"/>, which can set
    /// another for single calls. Default null: none is. Otherwise above zero and at most <see cref="int.MaxValue"/> milliseconds, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>, which means never.
    /// </summary>
    public TimeSpan? SlowCallThreshold { get; init; }

    /// <summary>
    /// An existing directory in which a worker whose call ran past its limit, and did not stop, leaves a file with its memory before it is killed, for a debugger
    /// to open; <see cref="CallTimeoutException.DumpPath"/> names it. The time that it takes, some tenths of a second to seconds, comes on top before the caller
    /// hears of the timeout. <c>DOTNET_DbgMiniDumpType</c> in <see cref="EnvironmentVariables"/> chooses its kind, as for <see cref="DumpOnCrash"/>. On Unix only.
    /// Default null: off.
    /// </summary>
    public string? DumpOnTimeout { get; init; }

    /// <summary>How long a worker may take from the start of its process until its initializer has run. Default 30 seconds. Above zero, at most <see cref="int.MaxValue"/> milliseconds.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Which program a worker process is. Default <see cref="WorkerStartMethod.Automatic"/>: the one that fits how the application was published.</summary>
    public WorkerStartMethod StartMethod { get; init; }

    /// <summary>
    /// The path of the <c>runtimeconfig.json</c> with which worker processes start: it names their shared frameworks and the runtime's settings, as
    /// <c>dotnet exec --runtimeconfig</c> reads it. For functions in assemblies that need a framework which the application itself does not have, such as ASP.NET
    /// Core. Default null: the application's own. Not used where the application itself is run again as a worker (<see cref="StartMethod"/>).
    /// </summary>
    public string? RuntimeConfigurationFile { get; init; }

    /// <summary>Added to the workers' environment, which is otherwise the host's; a null value removes the variable. Default empty.</summary>
    public IReadOnlyDictionary<string, string?> EnvironmentVariables { get; init; } = FrozenDictionary<string, string?>.Empty;

    /// <summary>The workers' current directory. Default null: the host's at the time a worker starts.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// Told each line that a worker prints, one at a time per worker and stream. Default null: lines are passed on to this process's own
    /// standard output and error.
    /// </summary>
    public Action<WorkerOutput>? Output { get; init; }

    /// <summary>
    /// Which workers wait for a debugger before they run anything, the initializer included. The pool does not wait for them: it starts with the others, and
    /// standard error and the log say what to attach to. Default <see cref="WorkerDebugging.None"/>. The environment variable <c>MULTIPROC_DEBUG</c>
    /// (<c>w2</c>, <c>w2,w5</c>, <c>first</c> or <c>all</c>) takes its place. A slot that the pool does not have is told likewise: a worker there waits once the
    /// pool has been resized. Slots from 0 to 4,095.
    /// </summary>
    public WorkerDebugging Debugging { get; init; } = WorkerDebugging.None;

    /// <summary>
    /// An existing directory in which a worker that crashes leaves a file with its memory, for a debugger to open; <see cref="WorkerLostException.DumpPath"/>
    /// names it. It takes a worker some tenths of a second to seconds more to end, and about as much disk as its managed heap. A worker that is killed leaves none.
    /// <c>DOTNET_DbgMiniDumpType</c> in <see cref="EnvironmentVariables"/> chooses another kind: 1 (stacks only) to 4 (everything). Default null: off.
    /// </summary>
    public string? DumpOnCrash { get; init; }

    /// <summary>
    /// What stands before the worker's name in the name of each worker process, so that the workers of several pools can be told apart in lists of processes
    /// and attached to by name: <c>imaging</c> makes <c>imaging:w2</c>. Default null: <c>mp</c>. From 1 to 9 printable ASCII characters without spaces and
    /// slashes. On Linux only: elsewhere a process is named after its program, and its arguments tell which worker it is.
    /// </summary>
    public string? WorkerProcessName { get; init; }

    /// <summary>
    /// What the pool is called, by <c>multiproc ps</c> and whoever else looks at it over its control pipe. Default null: the name of the program.
    /// 1 to 64 letters, digits, dots, hyphens and underscores, beginning with a letter.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// The functions that other processes of the same user may call over the pool's control pipe. Default null: none; then they can see what the pool does, and
    /// replace its workers and change their number, but call and stop nothing.
    /// </summary>
    public ServedFunctions? ServedFunctions { get; init; }

    /// <summary>
    /// Whether to collect what <see cref="ProcessPool.Insights"/> tells. Default false: then it costs nothing. Collecting keeps the arguments of the slowest
    /// calls, as bytes.
    /// </summary>
    public bool CollectInsights { get; init; }

    /// <summary>Where the pool's own events, and what functions write to <see cref="WorkerContext.Logger"/>, are logged. Default null: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Checks every option against its range, as starting a pool does: for options that were read from somewhere, before they are needed.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public void Validate() => OptionChecks.Check(this);
}
