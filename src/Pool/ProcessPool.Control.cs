using System.Reflection;
using MultiProc.Control;
using MultiProc.Protocol.Control;
using MultiProc.Scheduling;

namespace MultiProc;

// What the control pipe shows of the pool, and does with it.
public sealed partial class ProcessPool
{
    private static readonly string DefaultName = Assembly.GetEntryAssembly()?.GetName().Name ?? Path.GetFileNameWithoutExtension(Environment.ProcessPath) ?? "pool";
    private static readonly string Version = typeof(ProcessPool).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "";

    private readonly DateTimeOffset _started = TimeProvider.System.GetUtcNow();

    IWorkerSupervisor IControlledPool.Supervisor => _workforce;

    bool IControlledPool.IsClosed => IsClosed;

    private bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>A snapshot of everything that is known about the pool: what others see of it over its control pipe.</summary>
    public PoolInfo Describe() => new()
    {
        Name = Options.Name ?? DefaultName,
        Address = _controlPath is null ? "" : ControlAddress.NameOf(_controlPath),
        ProcessId = Environment.ProcessId,
        Program = Assembly.GetEntryAssembly()?.Location is { Length: > 0 } path ? path : Environment.ProcessPath ?? "",
        Version = Version,
        Started = _started,
        IsServed = Options.ServedFunctions is not null,
        IsOpen = !IsClosed,
        Workers = Workers,
        Statistics = Statistics,
        Events = _events.Snapshot(),
    };

    private Task EndControlAsync() => _control?.CloseAsync() ?? Task.CompletedTask;
}
