using MultiProc.Scheduling;

namespace MultiProc.Workers;

/// <summary>Starts a worker for a slot, or for <see cref="WorkerName.Standby"/>, and waits until it is ready.</summary>
/// <param name="slot">The worker's slot.</param>
/// <param name="onProcess">Receives the process id as soon as it is known.</param>
/// <param name="cancellationToken">Cancelled when the pool ends.</param>
/// <exception cref="WorkerStartException">From the task: the worker did not become ready.</exception>
internal delegate Task<IWorker> StartWorker(int slot, Action<int> onProcess, CancellationToken cancellationToken);
