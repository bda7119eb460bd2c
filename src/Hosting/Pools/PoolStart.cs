using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MultiProc.Extensions.Hosting.Pools;

/// <summary>Starts one pool, once, for whoever asks first: the host, or a service that needs the pool to be constructed. Thread-safe.</summary>
internal sealed class PoolStart(string name, IServiceProvider services, Func<ProcessPoolOptions, IServiceProvider, ProcessPoolOptions>? configure)
{
    private readonly Lock _gate = new();
    private Task<ProcessPool>? _task;

    /// <summary>The pool, being started from now on.</summary>
    public Task<ProcessPool> Task
    {
        get
        {
            lock (_gate)
            {
                // Not on the thread of whoever asks: a constructor that blocks on it may have a context of its own.
                return _task ??= System.Threading.Tasks.Task.Run(StartAsync);
            }
        }
    }

    /// <summary>The pool; null while it is not running.</summary>
    public ProcessPool? Started
    {
        get
        {
            lock (_gate)
            {
                return _task is { IsCompletedSuccessfully: true } task ? task.Result : null;
            }
        }
    }

    private Task<ProcessPool> StartAsync()
    {
        var options = services.GetRequiredService<IOptionsMonitor<ProcessPoolOptions>>().Get(name);
        options = options with { LoggerFactory = options.LoggerFactory ?? services.GetService<ILoggerFactory>(), Name = options.Name ?? Named() };
        return ProcessPool.StartAsync(configure?.Invoke(options, services) ?? options);
    }

    /// <summary>The pool's key as its name, if it can be one. Keys may be any text.</summary>
    private string? Named()
    {
        var options = new ProcessPoolOptions { Name = name };
        try
        {
            options.Validate();
            return name;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
