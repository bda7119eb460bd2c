using System.IO.Pipes;
using System.Net.Sockets;
using MultiProc.Diagnostics;
using MultiProc.Protocol.Control;
using MultiProc.Protocol.Wire;

namespace MultiProc.Control;

/// <summary>
/// The control pipe of a pool: opened with the pool, for this user alone, and removed with it. Until a client connects
/// it costs one listening socket, and nothing of JSON-RPC is loaded. Whatever clients do, and whatever the system
/// refuses, it listens until the pool ends. Thread-safe.
/// </summary>
internal sealed class ControlEndpoint
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    private readonly IControlledPool _pool;
    private readonly PoolLog _log;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<ControlSession, Task> _sessions = [];
    private readonly ControlShare _share;
    private readonly Task _listening;

    private ControlEndpoint(string path, PipeListener listener, IControlledPool pool, PoolLog log)
    {
        Path = path;
        _pool = pool;
        _log = log;
        _share = new ControlShare(pool);

        // A process may exit without disposing its pool.
        AppDomain.CurrentDomain.ProcessExit += Remove;
        _listening = Task.Run(() => ListenAsync(listener));
    }

    /// <summary>The path of the pipe.</summary>
    public string Path { get; }

    /// <summary>
    /// Chooses a path; null when there is no place for it, which is logged: a pool works without a control pipe, too.
    /// </summary>
    public static string? ChoosePath(PoolLog log)
    {
        try
        {
            return ControlAddress.Create();
        }
        catch (Exception exception) when (IsSystemError(exception))
        {
            log.ControlNotOpened(exception.Message, exception);
            return null;
        }
    }

    /// <summary>Opens the pipe; null when that fails, which is logged.</summary>
    public static ControlEndpoint? Open(string? path, IControlledPool pool, PoolLog log)
    {
        try
        {
            return path is null ? null : new ControlEndpoint(path, PipeListener.Open(path, isForMany: true), pool, log);
        }
        catch (Exception exception) when (IsSystemError(exception))
        {
            log.ControlNotOpened(exception.Message, exception);
            return null;
        }
    }

    /// <summary>Closes all connections and removes the pipe. Never fails.</summary>
    public async Task CloseAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] sessions;
        lock (_gate)
        {
            sessions = [.. _sessions.Values];
        }

        await Task.WhenAll(sessions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ListenAsync(PipeListener listener)
    {
        try
        {
            ControlAddress.RemoveStale();
            var pause = MinPause;
            while (!_ending.IsCancellationRequested)
            {
                try
                {
                    StartSession(await listener.AcceptAsync(_log.ControlClientRejected, _ending.Token).ConfigureAwait(false));
                    pause = MinPause;
                }
                catch (Exception exception) when (IsSystemError(exception) && exception is not ObjectDisposedException)
                {
                    // For example, no descriptor is left. The client waits in the queue meanwhile, and other
                    // connections end.
                    if (pause == MinPause)
                    {
                        _log.ControlNotAccepted(exception.Message);
                    }

                    await Task.Delay(pause, _ending.Token).ConfigureAwait(false);
                    pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException && _ending.IsCancellationRequested)
        {
            // The pool is ending.
        }
        catch (Exception exception)
        {
            _log.ControlNotOpened(exception.Message, exception);
        }
        finally
        {
            Remove(null, EventArgs.Empty);
            listener.Dispose();
            AppDomain.CurrentDomain.ProcessExit -= Remove;
        }
    }

    private static bool IsSystemError(Exception exception) => exception is IOException or UnauthorizedAccessException or SocketException;

    private void Remove(object? sender, EventArgs arguments)
    {
        try
        {
            PipeEndpoint.Unlink(Path);
        }
        catch (Exception exception) when (IsSystemError(exception))
        {
            // Its directory is gone, or no longer writable. The next process that looks at the pipe finds that nobody
            // listens.
        }
    }

    private void StartSession(NamedPipeServerStream pipe)
    {
        ControlSession? stalled = null;
        lock (_gate)
        {
            foreach (var ended in _sessions.Where(static one => one.Value.IsCompleted).Select(static one => one.Key).ToArray())
            {
                _sessions.Remove(ended);
            }

            if (_sessions.Count >= ControlLimits.MaxConnections)
            {
                stalled = _sessions.Keys.MaxBy(static session => session.StalledFor);
                if (stalled?.StalledFor < ControlLimits.StalledAfter)
                {
                    _log.ControlFull(ControlLimits.MaxConnections);
                    pipe.Dispose();
                    return;
                }
            }

            var session = new ControlSession(pipe, _pool, _share, _log);
            _sessions.Add(session, Task.Run(() => session.RunAsync(_ending.Token)));
        }

        stalled?.HangUp();
    }
}
