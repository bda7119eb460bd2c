using System.IO.Pipes;
using MultiProc.Diagnostics;
using MultiProc.Protocol.Control;
using MultiProc.Protocol.Wire;

namespace MultiProc.Control;

/// <summary>
/// The control pipe of a pool: opened with the pool, for this user alone, and removed with it. Until somebody connects it costs one listening socket; nothing of
/// JSON-RPC is loaded. Thread-safe.
/// </summary>
internal sealed class ControlEndpoint
{
    private readonly ProcessPool _pool;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _sessions = [];
    private readonly Task _listening;

    private ControlEndpoint(string path, NamedPipeServerStream first, ProcessPool pool)
    {
        Path = path;
        _pool = pool;

        // A process may end without ending its pool.
        AppDomain.CurrentDomain.ProcessExit += Remove;
        _listening = Task.Run(() => ListenAsync(first));
    }

    /// <summary>The path of the pipe.</summary>
    public string Path { get; }

    /// <summary>Chooses a path. A pool works without, too: null when there is no place for it, which is logged.</summary>
    public static string? ChoosePath(PoolLog log)
    {
        try
        {
            return ControlAddress.Create();
        }
        catch (Exception exception) when (IsOfTheSystem(exception))
        {
            log.ControlNotOpened(exception);
            return null;
        }
    }

    /// <summary>Opens it; null when that fails, which is logged.</summary>
    public static ControlEndpoint? Open(string? path, ProcessPool pool, PoolLog log)
    {
        try
        {
            return path is null ? null : new ControlEndpoint(path, PipeEndpoint.ListenForControl(path, isFirst: true), pool);
        }
        catch (Exception exception) when (IsOfTheSystem(exception))
        {
            log.ControlNotOpened(exception);
            return null;
        }
    }

    /// <summary>Hangs up on everybody, and removes the pipe.</summary>
    public async Task CloseAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _listening.ConfigureAwait(false);
        Task[] sessions;
        lock (_gate)
        {
            sessions = [.. _sessions];
        }

        await Task.WhenAll(sessions).ConfigureAwait(false);
    }

    private async Task ListenAsync(NamedPipeServerStream first)
    {
        ControlAddress.RemoveStale();
        var pipe = first;
        try
        {
            while (true)
            {
                await pipe.WaitForConnectionAsync(_ending.Token).ConfigureAwait(false);

                // The next one listens before this one is served: the name is never gone.
                var next = PipeEndpoint.ListenForControl(Path, isFirst: false);
                Begin(pipe);
                pipe = next;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The pool ends; or the system has no more for us, and the pool goes on unobserved.
        }
        finally
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            Remove(null, EventArgs.Empty);
            AppDomain.CurrentDomain.ProcessExit -= Remove;
        }
    }

    private static bool IsOfTheSystem(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException;

    private void Remove(object? sender, EventArgs arguments) => PipeEndpoint.Unlink(Path);

    private void Begin(NamedPipeServerStream pipe)
    {
        lock (_gate)
        {
            _sessions.RemoveWhere(static session => session.IsCompleted);
            _sessions.Add(Task.Run(() => ControlSession.RunAsync(pipe, _pool, _ending.Token)));
        }
    }
}
