using System.Diagnostics;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Reflection;
using MultiProc.Diagnostics;
using MultiProc.Live;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Launch;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Rpc;
using MultiProc.Protocol.Status;
using MultiProc.Protocol.Wire;
using MultiProc.Scheduling;
using MultiProc.Workers.Launch;

namespace MultiProc.Workers;

/// <summary>
/// A factory for workers: starts a process and brings it to readiness through pipe, handshake and initializer.
/// </summary>
internal sealed class RunnerFactory(
    ProcessPoolOptions options, LaunchThread thread, WorkerMark marks, string? controlPipe, SharedBufferPool? arguments, WorkerHooks hooks, Dispatcher dispatcher, LogRelay logs, PoolLog log,
    PoolMetrics metrics, HostClock clock, Callbacks callbacks)
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(2);

    private readonly StackCapture _stacks = new(options);
    private readonly OtherBuildDetector _otherBuilds = new(options.MaxRestarts, options.RestartWindow, TimeProvider.System);
    private int _hasOutputFailed;

    private string Advice => WorkerLaunch.Reexecutes(options) ? " " + Reexecution.Advice : "";

    /// <inheritdoc cref="StartWorker"/>
    public async Task<IWorker> StartAsync(int slot, Action<int> onProcess, CancellationToken cancellationToken)
    {
        var name = WorkerName.Of(slot);
        var waits = options.Debugging.Includes(slot);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var alarm = waits ? null : clock.After(options.StartTimeout, () => TryCancel(limit));

        var began = Stopwatch.GetTimestamp();
        var mark = marks.Next();
        var (start, settings) = WorkerLaunch.Create(options, name, marks.ValueFor(mark));
        WorkerLaunch.CheckFiles(start);
        var page = StatusPage.Create();
        var results = SharedBufferPool.TryCreate();
        var pipeName = PipeEndpoint.CreateName();
        var secret = Handshake.CreateSecret();
        PipeListener? listener = null;
        NamedPipeServerStream? pipe = null;
        WorkerProcess? process = null;
        ProcessRunner? runner = null;
        var isAbandoned = false;
        try
        {
            listener = Listen(pipeName);
            var setup = new WorkerSetup(
                Pipe: pipeName,
                Secret: secret,
                StatusPage: page.Handle,
                Slot: slot,
                Name: name,
                ProcessName: options.WorkerProcessName ?? ProcessNames.DefaultKind,
                Host: Environment.ProcessId,
                Depth: CurrentWorker.Identity?.Depth ?? 0,
                WaitForDebugger: waits,
                ConnectTimeout: (int)Math.Min(options.StartTimeout.TotalMilliseconds, int.MaxValue),
                Arguments: arguments?.Handle,
                Results: results?.Handle,
                MaxResultBytes: options.MaxResultBytes ?? IncomingResults.MaxBytes,
                ControlPipe: controlPipe,
                Application: Assembly.GetEntryAssembly()?.GetName().Name,
                FormerVariables: settings.Former);
            process = await WorkerProcess.StartAsync(start, mark, setup.ToBytes(), thread, (isError, line) =>
            {
                // Before the connection only the worker program prints. Its complaint that it could not join a pool
                // that has ended is dropped.
                if (!Volatile.Read(ref isAbandoned) || runner is not null)
                {
                    ForwardOutput(new WorkerOutput(runner?.Slot ?? slot, isError, line));
                }
            }).ConfigureAwait(false);
            limit.Token.ThrowIfCancellationRequested();
            onProcess(process.Id);
            var controlGroup = marks.Group;
            var connecting = ConnectAsync(listener, name, secret, limit.Token);
            try
            {
                pipe = await OrThrowOnExit(connecting, process, name).ConfigureAwait(false);
            }
            catch
            {
                // The worker may have connected a moment before its process ended.
                _ = connecting.ContinueWith(
                    static late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                throw;
            }

            listener.Dispose();
            process.Enter(controlGroup);
            if (waits)
            {
                DebuggerInvitation.Show(name, ProcessNames.Of(options.WorkerProcessName, name), process.Id, log);
            }

            var link = new RpcLink(pipe, new QueuedFrameSink(pipe, $"mp-{name}-send"), $"mp-{name}-read");
            link.On(Methods.Done, (ReadOnlyMemory<byte> records) => runner!.OnDone(records));
            link.On(Methods.Part, (long unit, ReadOnlyMemory<byte> part) => runner!.OnPart(unit, part));
            link.On(Methods.Report, (long unit, int progress, ReadOnlyMemory<byte> value) => runner!.OnReport(unit, progress, value));
            link.On(Methods.Log, (int level, int id, string eventName, string category, string message, string exception, string[] scopes, long unit, int logger) =>
                logs.Write(runner!.Slot, dispatcher.LabelOf(runner!, unit), new LogEntry(level, id, eventName, category, message, exception, scopes, logger)));
            link.On(Methods.Unreadable, (string missing, string[] files, string[] builds) =>
            {
                if (!runner!.HasOtherBuild && _otherBuilds.Detect(missing, files, builds) is { } reason)
                {
                    runner.NoteOtherBuild(reason);
                }

                link.Notify(Methods.Judged, [runner.HasOtherBuild ? 1 : 0]);
            });
            runner = new ProcessRunner(slot, process, page, results, link, dispatcher, _stacks, options, log, metrics);
            link.Start();
            var connected = Stopwatch.GetTimestamp();
            await InitializeAsync(link, process, name, limit.Token).ConfigureAwait(false);
            WorkerLaunch.CheckFiles(start);
            (runner.Starting, runner.Initializing) = (Stopwatch.GetElapsedTime(began, connected), Stopwatch.GetElapsedTime(connected));
            return runner;
        }
        catch (Exception exception)
        {
            // Killed before its pipe is closed: otherwise the worker would print a complaint about that.
            Volatile.Write(ref isAbandoned, cancellationToken.IsCancellationRequested);
            process?.Kill();
            listener?.Dispose();
            await AbandonAsync(process, runner, pipe, page, results).ConfigureAwait(false);
            if (exception is not OperationCanceledException)
            {
                // The cause of the failure may be that its files are gone.
                WorkerLaunch.CheckFiles(start);
            }

            if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new WorkerStartException(
                    $"Worker {name} was not ready within {nameof(ProcessPoolOptions.StartTimeout)} = {options.StartTimeout}. "
                    + "Raise the limit, or look for what its initializer waits for." + Advice)
                {
                    StandardErrorTail = process?.StandardErrorTail ?? "",
                };
            }

            throw;
        }
    }

    private static PipeListener Listen(string name)
    {
        try
        {
            return PipeListener.Open(name, isForMany: false);
        }
        catch (Exception exception) when (HostEnvironment.ExplainPipe(name, exception) is { } explained)
        {
            throw explained;
        }
    }

    private static void TryCancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (Exception exception) when (exception is ObjectDisposedException or AggregateException)
        {
            // Either the worker was ready in time after all, or the source was cancelled and a registered callback
            // threw.
        }
    }

    private async Task<NamedPipeServerStream> ConnectAsync(PipeListener listener, string name, byte[] secret, CancellationToken cancellationToken)
    {
        while (true)
        {
            var pipe = await AcceptAsync(listener, name, cancellationToken).ConfigureAwait(false);
            var isAccepted = false;
            try
            {
                // A blocking read on a thread of its own: one asynchronous read would make the socket non-blocking for
                // good, and every later read slower.
                var greeting = Task.Factory.StartNew(
                    () => Handshake.Receive(pipe, secret), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                var end = await Task.WhenAny(greeting, clock.Delay(HandshakeTimeout)).WaitAsync(cancellationToken).ConfigureAwait(false);
                isAccepted = end == greeting && greeting is { IsCompletedSuccessfully: true, Result: HandshakeStatus.Accepted };
                if (isAccepted)
                {
                    return pipe;
                }

                // The client is not our worker, or sent no greeting. The next client is awaited; closing the pipe ends
                // the read.
                _ = greeting.ContinueWith(static read => _ = read.Exception, TaskScheduler.Default);
                log.HandshakeRejected(name, greeting.IsCompletedSuccessfully ? greeting.Result.ToString() : greeting.Exception?.InnerException?.Message ?? "no greeting in time");
            }
            finally
            {
                if (!isAccepted)
                {
                    await pipe.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    private async Task<NamedPipeServerStream> AcceptAsync(PipeListener listener, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await listener.AcceptAsync(reason => log.HandshakeRejected(name, reason), cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            throw new IOException($"the host could not accept the connection of worker {name}: {exception.Message}", exception);
        }
    }

    private async Task InitializeAsync(RpcLink link, WorkerProcess process, string name, CancellationToken cancellationToken)
    {
        var fault = await OrThrowOnExit(
            link.RequestAsync<ReadOnlyMemory<byte>>(Methods.Initialize, [hooks.Initializer, hooks.Exit, hooks.EncodedRules], cancellationToken), process, name).ConfigureAwait(false);
        if (!fault.IsEmpty)
        {
            var cause = RemoteFaults.Read(fault, PoolImports.Of(options));
            throw new WorkerStartException($"The initializer failed in worker {name} (process {process.Id}): {cause.Message}", cause)
            {
                StandardErrorTail = process.StandardErrorTail,
            };
        }
    }

    private async Task<T> OrThrowOnExit<T>(Task<T> step, WorkerProcess process, string name)
    {
        if (await Task.WhenAny(step, process.Exited).ConfigureAwait(false) == step && !step.IsFaulted)
        {
            return await step.ConfigureAwait(false);
        }

        _ = step.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

        // Usually the step failed because the process ends. Then the exit code tells the cause, and not the broken
        // connection.
        var cause = await process.ExitsWithinAsync(ExitTimeout).ConfigureAwait(false) ? null : step.Exception?.InnerException;
        process.Kill();
        var code = await process.Exited.ConfigureAwait(false);
        var signal = SignalName.FromExitCode(code);
        var how = cause is not null ? $"its connection failed: {cause.Message}" : signal is not null ? $"ended by {signal}" : $"exit code {code}";
        var tail = process.StandardErrorTail;
        throw new WorkerStartException(
            $"Worker {name} (process {process.Id}) ended before it was ready: {how}.{(cause is null ? "" : DescriptorLimit.Explain(cause))}"
            + (tail.Length == 0 ? "" : $" It wrote to standard error:{Environment.NewLine}{tail}")
            + (cause is null && signal is null && code != WorkerExitCode.HookMissed ? Advice : ""), cause)
        {
            StandardErrorTail = tail,
            WasKilled = cause is null && SignalName.IsExternal(signal),
        };
    }

    private static async Task AbandonAsync(WorkerProcess? process, ProcessRunner? runner, NamedPipeServerStream? pipe, StatusPage page, SharedBufferPool? results)
    {
        if (runner is not null)
        {
            // The runner owns everything else, and cleans up when its process has ended.
            runner.KillNow();
            await runner.Ended.ConfigureAwait(false);
            return;
        }

        if (process is not null)
        {
            process.Kill();
            await process.Exited.ConfigureAwait(false);
            _ = process.CleanUpAsync();
            process.Dispose();
        }

        if (pipe is not null)
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
        }

        page.Dispose();
        results?.Unmap();
    }

    private void ForwardOutput(WorkerOutput line)
    {
        using var inside = callbacks.Enter();
        try
        {
            (options.Output ?? WriteToConsole)(line);
        }
        catch (Exception exception)
        {
            // The application's handler threw. Reading must go on, or the worker would block in its next write for
            // ever.
            if (Interlocked.Exchange(ref _hasOutputFailed, 1) == 0)
            {
                log.OutputFailed(exception);
            }
        }
    }

    private static void WriteToConsole(WorkerOutput line) => (line.IsError ? Console.Error : Console.Out).WriteLine(TerminalText.WithColors(line.Line));
}
