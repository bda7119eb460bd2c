using System.Reflection;
using MultiProc.Boundary;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Rpc;

namespace MultiProc.Worker.Calls;

/// <summary>
/// The live objects of the running job on the worker's side: local objects that represent the host's tokens, progress
/// objects and loggers.
/// </summary>
/// <param name="link">The link to the host.</param>
/// <param name="flow">The credit for reports.</param>
/// <param name="maxBytes">The maximum size in bytes of a report, and of an item of a shared queue.</param>
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

    /// <summary>Sets the pool's surrogate rules, if there are any.</summary>
    public void LearnRules(ReadOnlyMemory<byte> rules) => Rules = SurrogateRules.Decode(rules, Trust.Full);

    /// <summary>Sets the job to which the graphs that follow belong.</summary>
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

    /// <summary>
    /// Registers the application's assemblies before an exception is written, so that this process and the host agree
    /// on them. Most workers never need that.
    /// </summary>
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

    // A result cannot contain a live token or progress object, which would outlive the call that it belongs to.
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

        // Reports of a call that has ended are dropped.
        if (job.HasEnded)
        {
            flow.Return(1, body.Length);
            return;
        }

        link.NotifyReport(job.Unit.Id, id, body);
    }
}
