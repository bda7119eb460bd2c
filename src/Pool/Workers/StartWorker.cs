using MultiProc.Scheduling;

namespace MultiProc.Workers;

/// <summary>Starts a worker for a slot, or for <see cref="WorkerName.Standby"/>, and brings it to readiness.</summary>
/// <param name="slot">Its slot.</param>
/// <param name="onProcess">Told its process id, as soon as there is one.</param>
/// <param name="cancellationToken">The pool is ending.</param>
/// <exception cref="WorkerStartException">From the task: it did not become ready.</exception>
internal delegate Task<IWorker> StartWorker(int slot, Action<int> onProcess, CancellationToken cancellationToken);
