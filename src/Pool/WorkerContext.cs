using Microsoft.Extensions.Logging;
using MultiProc.Protocol.Calls;

namespace MultiProc;

/// <summary>What a function can know about the worker it runs in. Safe to use from any thread of the worker.</summary>
public sealed class WorkerContext
{
    private readonly WorkerIdentity _identity;

    private WorkerContext(WorkerIdentity identity)
    {
        _identity = identity;
        Logger = new ForwardingLogger("MultiProc.Worker", 0, identity.Log);
    }

    /// <summary>The worker that this code runs in; null in the host, also when it runs calls itself (<c>Processes = 0</c>).</summary>
    public static WorkerContext? Current =>
        field ?? (CurrentWorker.Identity is { } identity ? field = new WorkerContext(identity) : null);

    /// <summary>The worker's slot, from 0; -1 while it is a standby worker.</summary>
    public int Slot => _identity.Slot;

    /// <summary>The worker's name, such as <c>w2</c>; <c>standby</c> while it is a standby worker.</summary>
    public string Name => _identity.Name;

    /// <summary>The token of the call that is running: signalled when it is cancelled or runs past its limit. Never signalled between calls.</summary>
    public CancellationToken CancellationToken => _identity.CallToken;

    /// <summary>What is written here arrives at the host's <see cref="ProcessPoolOptions.LoggerFactory"/>, in the category <c>MultiProc.Worker</c>.</summary>
    public ILogger Logger { get; }

    /// <summary>As <see cref="Logger"/>, in a category of your own.</summary>
    /// <param name="category">The category, usually a type's full name.</param>
    /// <exception cref="ArgumentNullException"><paramref name="category"/> is null.</exception>
    public ILogger CreateLogger(string category)
    {
        ArgumentNullException.ThrowIfNull(category);
        return new ForwardingLogger(category, 0, _identity.Log);
    }
}
