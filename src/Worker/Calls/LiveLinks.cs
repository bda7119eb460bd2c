using System.Reflection;
using MultiProc.Protocol.Boundary;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Rpc;

namespace MultiProc.Worker.Calls;

/// <summary>What crosses live, on the worker's side: stand-ins for the host's tokens and progress objects, for the job that is running.</summary>
/// <param name="link">Where the host is.</param>
/// <param name="flow">How much may be reported.</param>
/// <param name="maxBytes">The most bytes that a report may have, and an item of a shared queue.</param>
/// <param name="application">The simple name of the host's entry assembly; null: it has none.</param>
internal sealed class LiveLinks(WorkerLink link, CreditWindow flow, long maxBytes, string? application) : ILiveImports, ILiveExports
{
    private readonly HashSet<MethodInfo> _received = [];
    private readonly HashSet<Assembly> _assemblies = [];
    private readonly List<Assembly> _unlearned = [];
    private bool _knowsApplication;
    private Job? _job;

    private long MaxBytes => maxBytes;

    public SurrogateRules? Rules { get; private set; }

    /// <summary>From now on the pool's rules are in force, if there are any.</summary>
    public void LearnRules(ReadOnlyMemory<byte> rules) => Rules = SurrogateRules.Decode(rules, Trust.Full);

    /// <summary>From now on graphs belong to this job.</summary>
    public void Serve(Job job)
    {
        _job = job;
        _received.Clear();
    }

    // Whether it came from the host or was made here: the host takes nothing larger out.
    public void OnSharing(IItemLimits limits) => limits.LimitWriting(maxBytes);

    public void OnAttached(IItemLimits limits) => limits.LimitWriting(maxBytes);

    public void OnReceived(MethodInfo method)
    {
        if (_received.Add(method) && method.Module.Assembly is var assembly && _assemblies.Add(assembly))
        {
            _unlearned.Add(assembly);
        }
    }

    /// <summary>Before an exception is written: what the host will take for the application's assemblies is taken for them here. Most workers never need that.</summary>
    public void LearnApplication()
    {
        var known = ApplicationAssemblies.OfProcess;
        if (!_knowsApplication && application is not null)
        {
            known.Include(application);
        }

        _knowsApplication = true;
        _unlearned.ForEach(known.Include);
        _unlearned.Clear();
    }

    public bool HasReceived(MethodInfo method) => _received.Contains(method);

    public CancellationToken ImportToken(int id) => id == 0 ? _job!.OwnToken : _job!.Token(id);

    public object ImportProgress(int id, Type valueType) =>
        Activator.CreateInstance(typeof(RemoteProgress<>).MakeGenericType(valueType), this, _job, id)!;

    public object ImportLogger(int id, Type type) => ForwardingLogger.Create(id, type, static entry => CurrentWorker.Identity!.Log(entry));

    // A result cannot hold a live token or progress object: it would outlive the call that it belongs to.
    public int ExportToken(CancellationToken token) => -1;

    public int ExportProgress(object progress, Type valueType) => -1;

    private sealed class RemoteProgress<T>(LiveLinks links, Job job, int id) : IProgress<T>
    {
        private readonly Lock _order = new();

        public void Report(T value)
        {
            var body = ReportedValue.Encode(value, links, links.MaxBytes);
            lock (_order)
            {
                links.Send(job, id, body);
            }
        }
    }

    private void Send(Job job, int id, ReadOnlyMemory<byte> body)
    {
        flow.Take(body.Length);

        // The host hears nothing of a call that has ended.
        if (job.HasEnded)
        {
            flow.Return(1, body.Length);
            return;
        }

        link.NotifyReport(job.Unit.Id, id, body);
    }
}
