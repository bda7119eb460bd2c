using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MultiProc.Boundary;
using MultiProc.Diagnostics;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Records;
using MultiProc.Scheduling;
using MultiProc.Workers;
using MultiProc.Workers.Launch;

namespace MultiProc.Records;

/// <summary>
/// A recorder that saves each failed call to a file before its caller is notified. It runs for failures only, and its
/// limits keep a pool whose calls all fail from filling the disk or spending its time on records. Thread-safe.
/// </summary>
internal sealed class CallRecorder
{
    private const int MaxRecords = 1_000;
    private const long MaxBytes = 1L << 30;
    private const int MaxNameLength = 80;

    private readonly string _directory;
    private readonly ProcessPoolOptions _options;
    private readonly WorkerHooks _hooks;
    private readonly PoolLog _log;
    private readonly RecordedApplication _application;
    private readonly Dictionary<string, string> _summary;
    private int _records;
    private long _bytes;
    private readonly Lazy<byte[]?> _key;
    private int _isFull;

    public CallRecorder(string directory, ProcessPoolOptions options, WorkerHooks hooks, PoolLog log)
    {
        _directory = Path.GetFullPath(directory);
        _options = options;
        _hooks = hooks;
        _log = log;
        _key = new Lazy<byte[]?>(FindKey);
        _application = WorkerLaunch.Describe(options);
        _summary = new Dictionary<string, string>
        {
            ["system"] = RuntimeInformation.OSDescription,
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["processors"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            ["culture"] = CultureInfo.CurrentCulture.Name,
            ["host"] = $"{Path.GetFileName(Environment.ProcessPath)}, process {Environment.ProcessId}",
        };
    }

    /// <summary>Saves a call and stores the file's path in the exception. Never throws.</summary>
    /// <param name="unit">The unit as it was when the item ended.</param>
    /// <param name="work">The work item of the unit.</param>
    /// <param name="item">The item that failed.</param>
    /// <param name="error">The exception that the caller will get.</param>
    public void Record(WorkUnit unit, Work work, int item, Exception error)
    {
        try
        {
            var arguments = ArgumentsOf(unit, item);
            var size = arguments.Length + unit.Function.Length + _hooks.Initializer.Length;
            var number = Interlocked.Increment(ref _records);
            if (number > MaxRecords || Interlocked.Add(ref _bytes, size) > MaxBytes)
            {
                if (Interlocked.Exchange(ref _isFull, 1) == 0)
                {
                    _log.RecordingEnded(MaxRecords, MaxBytes);
                }

                return;
            }

            var now = TimeProvider.System.GetUtcNow();
            var record = new CallRecord(HeaderOf(unit, work, item, error, now, arguments.Length), _hooks.Initializer, unit.Function, arguments);
            var path = Path.Combine(_directory, NameOf(work.Policy.Label, now, number));
            record.Write(path, _key.Value);
            error.Data[RecordedCall.PathKey] = path;
        }
        catch (Exception exception)
        {
            // The disk may be full, or the file system gone. The call has failed anyway, and its caller gets the
            // exception.
            _log.NotRecorded(work.Policy.Label, exception);
        }
    }

    private byte[]? FindKey()
    {
        var key = RecordKey.FindOrCreate(out var trouble);
        if (trouble is not null)
        {
            _log.RecordsWithoutHash(trouble);
        }

        return key;
    }

    private RecordHeader HeaderOf(WorkUnit unit, Work work, int item, Exception error, DateTimeOffset now, int argumentsLength) => new()
    {
        Format = CallRecord.Format,
        Function = work.Policy.Label,
        Item = work.Sink.IndexOf(item),
        Outcome = error switch
        {
            CallTimeoutException => RecordedOutcome.TimedOut,
            WorkerLostException => RecordedOutcome.WorkerLost,
            NotSerializableException => RecordedOutcome.NotSerializable,
            _ => RecordedOutcome.Exception,
        },
        RecordedAt = now,
        ErrorType = error is RemoteException remote ? remote.RemoteTypeName : error.GetType().FullName ?? error.GetType().Name,
        ErrorMessage = error.Message,
        ErrorText = error.ToString(),
        TimeoutMilliseconds = work.Policy.Timeout?.TotalMilliseconds,
        Application = _application,
        EnvironmentVariables = new Dictionary<string, string?>(_options.EnvironmentVariables),
        Summary = _summary,
        Surrogates = _hooks.EncodedRules.IsEmpty ? null : _hooks.EncodedRules.ToArray(),
        Sizes = [_hooks.Initializer.Length, unit.Function.Length, argumentsLength],
    };

    private static ReadOnlyMemory<byte> ArgumentsOf(WorkUnit unit, int item)
    {
        if (!unit.IsSequence)
        {
            return unit.Body;
        }

        var items = unit.Body;
        for (var before = unit.FirstItem; before < item; before++)
        {
            ItemBlock.TakeItem(ref items);
        }

        return ItemBlock.TakeItem(ref items);
    }

    // The function comes first, so that a directory listing groups by it; then what makes the name unique.
    private static string NameOf(string function, DateTimeOffset now, int number)
    {
        var name = new StringBuilder();
        foreach (var letter in function.Take(MaxNameLength))
        {
            name.Append(char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' ? letter : '-');
        }

        return string.Create(CultureInfo.InvariantCulture, $"{name}-{now:yyyyMMdd'T'HHmmss}-{Environment.ProcessId}-{number}{CallRecord.Extension}");
    }
}
