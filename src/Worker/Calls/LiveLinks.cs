using MultiProc.Protocol.Boundary;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Wire;

namespace MultiProc.Worker.Calls;

/// <summary>What crosses live, on the worker's side: stand-ins for the host's tokens and progress objects, for the job that is running.</summary>
internal sealed class LiveLinks(WorkerLink link, ReportFlow flow, long maxBytes) : ILiveImports, ILiveExports
{
    private Job? _job;

    private long MaxBytes => maxBytes;

    /// <summary>From now on graphs belong to this job.</summary>
    public void Serve(Job job) => _job = job;

    public CancellationToken ImportToken(int id) => id == 0 ? _job!.OwnToken : _job!.Token(id);

    public object ImportProgress(int id, Type valueType) =>
        Activator.CreateInstance(typeof(RemoteProgress<>).MakeGenericType(valueType), this, _job, id)!;

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
