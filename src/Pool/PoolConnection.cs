using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using MultiProc.Control;
using MultiProc.Json;
using MultiProc.Protocol.Control;

namespace MultiProc;

/// <summary>
/// A connection to a pool in another process of the same user, through the pool's control pipe. <c>multiproc ps</c>, <c>top</c> and <c>call</c> use it.
/// All members are safe to call from any number of threads. When the pool ends while something waits for it, that fails with <see cref="IOException"/>.
/// </summary>
public sealed class PoolConnection : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    private readonly ControlLink _link;
    private readonly Channel<PoolInfo> _changes = Channel.CreateBounded<PoolInfo>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly ProgressListeners _progress = new();

    private PoolConnection(Stream pipe)
    {
        _link = ControlLink.ToPool(pipe, ControlJson.Values);
        _link.OnNotification<PoolInfo>(ControlMethods.Changed, info => _changes.Writer.TryWrite(Whole(info)));
        _link.OnNotification<ProgressParameters>(ControlMethods.Progress, _progress.Report);
        _link.Start();
    }

    /// <summary>Completes, never fails, when the connection has ended: usually because the pool has.</summary>
    public Task Closed => _link.Closed;

    /// <summary>
    /// Looks for all pools of this user on this machine. One that does not answer within 2 seconds, as when its process is stopped, has
    /// <see cref="PoolInfo.IsResponding"/> false; so has one whose pipe is not this user's, and then <see cref="PoolInfo.Refusal"/> says so.
    /// </summary>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <returns>The pools, by process id.</returns>
    /// <exception cref="UnauthorizedAccessException">The directory of the pipes belongs to another user, or lets others in; the message names it.</exception>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public static async Task<IReadOnlyList<PoolInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        var found = await Task.WhenAll(ControlAddress.All().Select(path => LookAsync(path, cancellationToken))).ConfigureAwait(false);
        return [.. found.OfType<PoolInfo>().OrderBy(static pool => pool.ProcessId).ThenBy(static pool => pool.Started)];
    }

    /// <summary>Connects to a pool.</summary>
    /// <param name="address">Its <see cref="PoolInfo.Address"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentNullException"><paramref name="address"/> is null.</exception>
    /// <exception cref="IOException">There is no such pool, it has just ended, or it does not take connections.</exception>
    /// <exception cref="UnauthorizedAccessException">Its pipe, or the directory that the pipe is in, is not this user's.</exception>
    public static Task<PoolConnection> ConnectAsync(string address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        return ControlAddress.All().FirstOrDefault(path => ControlAddress.NameOf(path) == address) is { } path
            ? OpenOrFailAsync(path, cancellationToken)
            : throw new IOException($"There is no pool with the address {address}: it has ended.");
    }

    /// <summary>Asks what the pool is doing.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<PoolInfo> DescribeAsync(CancellationToken cancellationToken = default) => AskAsync<PoolInfo>(ControlMethods.Info, null, cancellationToken);

    /// <summary>Asks which functions can be called.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyCollection<string>> GetFunctionsAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync<FunctionList>(ControlMethods.Functions, null, cancellationToken).ConfigureAwait(false)).Functions;

    /// <summary>Tells what the pool is doing, again and again, until the pool or the enumeration ends. One enumeration at a time.</summary>
    /// <param name="interval">How often; at least 20 milliseconds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<PoolInfo> WatchAsync(TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return await AskAsync<PoolInfo>(ControlMethods.Subscribe, new SubscribeParameters(interval), cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var change = _changes.Reader.ReadAsync(cancellationToken).AsTask();
            if (await Task.WhenAny(change, Closed).ConfigureAwait(false) != change)
            {
                yield break;
            }

            yield return await change.ConfigureAwait(false);
        }
    }

    /// <summary>Calls a function that the pool serves.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="arguments">A JSON array of the arguments, or one value that is not an array.</param>
    /// <param name="options">How to run it: <see cref="CallOptions.Timeout"/> and <see cref="CallOptions.MaxAttempts"/> count; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The result as JSON.</returns>
    /// <exception cref="PoolControlException">The call was refused.</exception>
    /// <exception cref="RemoteException">The function threw.</exception>
    /// <exception cref="WorkerLostException">The worker died while it ran the function.</exception>
    /// <exception cref="CallTimeoutException">The function ran past its limit.</exception>
    public Task<JsonElement> CallAsync(string function, JsonElement arguments, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        AskAsync<JsonElement>(
            ControlMethods.Call,
            new CallParameters { Function = function, Arguments = arguments, Timeout = options?.Timeout, MaxAttempts = options?.MaxAttempts },
            cancellationToken);

    /// <summary>As <see cref="CallAsync"/>, with the arguments as a person writes them on a command line: each is JSON if that fits its parameter, and else a string.</summary>
    /// <inheritdoc cref="CallAsync"/>
    /// <param name="function">Its name.</param>
    /// <param name="words">The arguments.</param>
    /// <param name="options">As for <see cref="CallAsync"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<JsonElement> CallWithWordsAsync(
        string function, IReadOnlyList<string> words, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        AskAsync<JsonElement>(
            ControlMethods.Call,
            new CallParameters { Function = function, Words = words, Timeout = options?.Timeout, MaxAttempts = options?.MaxAttempts },
            cancellationToken);

    /// <summary>Calls a function once for each item. Every item ends as a result or an exception; nothing stops the rest.</summary>
    /// <param name="function">The function's name.</param>
    /// <param name="items">For each call a JSON array of the arguments, or one value that is not an array.</param>
    /// <param name="options">As for <see cref="CallAsync"/>.</param>
    /// <param name="progress">Told how far it has come; null: nobody is.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    /// <returns>The ends of the calls, in the order of the items; exceptions as of <see cref="CallAsync"/>.</returns>
    /// <exception cref="PoolControlException">The calls were refused.</exception>
    public async Task<IReadOnlyList<MapOutcome<JsonElement>>> MapAsync(
        string function, IReadOnlyList<JsonElement> items, CallOptions? options = null, IProgress<MapProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var listener = _progress.Add(progress);
        var answer = await AskAsync<MapAnswer>(
            ControlMethods.Map,
            new MapParameters
            {
                Function = function,
                Items = items,
                Timeout = options?.Timeout,
                MaxAttempts = options?.MaxAttempts,
                ProgressToken = listener?.Token,
            },
            cancellationToken).ConfigureAwait(false);
        return [.. answer.Results.Select(static end => end.Error is { } error
            ? new MapOutcome<JsonElement>(default, ControlFailures.ToException(error.Code, error.Message, error.Data as JsonElement?))
            : new MapOutcome<JsonElement>(end.Result ?? JsonElement.Parse("null"), null))];
    }

    /// <summary>Asks a served pool to end. It has ended when <see cref="Closed"/> completes.</summary>
    /// <param name="now">Whether calls that wait or run are given up; otherwise they are finished first.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <exception cref="PoolControlException">The pool belongs to an application, which alone may end it.</exception>
    public Task StopAsync(bool now = false, CancellationToken cancellationToken = default) =>
        AskAsync<Acknowledged>(ControlMethods.Stop, new StopParameters(now), cancellationToken);

    /// <summary>Ends workers by force: SIGTERM, and soon after SIGKILL. The calls in them fail with <see cref="WorkerLostException"/>, and they are replaced.</summary>
    /// <param name="slot">Which worker; null: every one.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <returns>The slots that had a worker.</returns>
    /// <exception cref="PoolControlException">There is no such slot.</exception>
    public async Task<IReadOnlyList<int>> KillAsync(int? slot = null, CancellationToken cancellationToken = default) =>
        (await AskAsync<AffectedWorkers>(ControlMethods.Kill, new WorkerParameters(slot), cancellationToken).ConfigureAwait(false)).Slots;

    /// <summary>Has workers replaced by fresh ones, each when it has ended its call.</summary>
    /// <inheritdoc cref="KillAsync"/>
    public async Task<IReadOnlyList<int>> RecycleAsync(int? slot = null, CancellationToken cancellationToken = default) =>
        (await AskAsync<AffectedWorkers>(ControlMethods.Recycle, new WorkerParameters(slot), cancellationToken).ConfigureAwait(false)).Slots;

    /// <summary>Changes the number of workers, as <see cref="IProcessPool.ResizeAsync"/> does.</summary>
    /// <param name="processes">The new number.</param>
    /// <param name="cancellationToken">Stops waiting; the change goes on.</param>
    /// <exception cref="PoolControlException">The number is out of range, or the pool is ending.</exception>
    public Task ResizeAsync(int processes, CancellationToken cancellationToken = default) =>
        AskAsync<Acknowledged>(ControlMethods.Resize, new ResizeParameters(processes), cancellationToken);

    /// <summary>Hangs up. Calls that were made through this connection and have not ended are cancelled.</summary>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private static async Task<PoolInfo?> LookAsync(string path, CancellationToken cancellationToken)
    {
        PoolInfo Silent(string? refusal)
        {
            var address = ControlAddress.NameOf(path);
            return new PoolInfo { Address = address, ProcessId = ControlAddress.ProcessOf(address), IsResponding = false, Refusal = refusal };
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectTimeout);
        try
        {
            var connection = await OpenAsync(path, limit.Token).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                // Where it is, is known from here, whatever it says of itself.
                var answer = await connection.DescribeAsync(limit.Token).ConfigureAwait(false);
                return answer with { Address = ControlAddress.NameOf(path), IsResponding = true, Refusal = null };
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Silent(null);
        }
        catch (TimeoutException)
        {
            return Silent(null);
        }
        catch (UnauthorizedAccessException exception)
        {
            return Silent(exception.Message);
        }
        catch (Exception exception) when (exception is InvalidDataException or PoolControlException)
        {
            return Silent($"What listens at {path} does not answer as a pool does: {exception.Message}");
        }
        catch (IOException)
        {
            // It has ended, now or long ago.
            ControlAddress.RemoveIfStale(path);
            return null;
        }
    }

    private static async Task<PoolConnection> OpenAsync(string path, CancellationToken cancellationToken) =>
        ControlAddress.Rejection(path) is { } reason
            ? throw new UnauthorizedAccessException($"The pipe is not used: {reason}.")
            : new PoolConnection(await Protocol.Wire.PipeEndpoint.ConnectAsync(path, ConnectTimeout, cancellationToken).ConfigureAwait(false));

    private static async Task<PoolConnection> OpenOrFailAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new IOException($"The pool does not answer. {exception.Message}", exception);
        }
    }

    // The lists of an answer may hold nothing where a pool would have something; whatever else is wrong in it has been noticed when it was read.
    private static TAnswer Whole<TAnswer>(TAnswer answer) => answer switch
    {
        PoolInfo info when info.Workers.Contains(null!) || info.Events.Contains(null!) => throw new InvalidDataException("The answer has a worker or an event that is null."),
        PoolInfo info => (TAnswer)(object)(info with { IsResponding = true }),
        FunctionList list when list.Functions.Contains(null!) => throw new InvalidDataException("The answer has a function that is null."),
        MapAnswer map when map.Results.Contains(null!) => throw new InvalidDataException("The answer has a result that is null."),
        _ => answer,
    };

    private async Task<TAnswer> AskAsync<TAnswer>(string method, object? parameters, CancellationToken cancellationToken)
    {
        try
        {
            return Whole(await _link.RequestAsync<TAnswer>(method, parameters, cancellationToken).ConfigureAwait(false));
        }
        catch (ControlFault fault)
        {
            throw ControlFailures.ToException(fault.Code, fault.Message, fault.Received);
        }
    }
}
