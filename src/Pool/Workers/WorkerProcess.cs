using System.Diagnostics;
using MultiProc.Protocol.Launch;
using MultiProc.Workers.Launch;

namespace MultiProc.Workers;

/// <summary>One operating system process that is a worker, and the group that it leads: the only owner of <see cref="Process"/> but for <see cref="StackCapture"/>. Thread-safe.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int SignalTerminate = 15;

    // Exiting on request, or on SIGTERM, takes a healthy process a few milliseconds.
    public static readonly TimeSpan TerminationTimeout = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan OutputTimeout = TimeSpan.FromMilliseconds(500);

    private readonly Process _process;
    private readonly WorkerGroup _group;
    private readonly Task _output;
    private readonly Task _error;
    private readonly OutputTail _tail = new();
    private readonly Lock _gate = new();
    private ControlGroup? _controlGroup;
    private HostDeathSwitch? _deathSwitch;
    private int _stoppedBy = -1;

    private WorkerProcess(Process process, WorkerGroup group, string mark, Action<bool, string> output)
    {
        _process = process;
        _group = group;
        Mark = mark;
        Id = process.Id;
        _output = OutputLines.PumpAsync(process.StandardOutput.BaseStream, line => output(false, line));
        _error = PumpErrorsAsync(process.StandardError.BaseStream, output);
        Exited = WaitForExitAsync();
    }

    /// <summary>By which all that it starts is found.</summary>
    public string Mark { get; }

    public int Id { get; }

    /// <summary>Completes with the exit code when the process has ended and what it printed has been read (or is held open by a process it left behind).</summary>
    public Task<int> Exited { get; }

    public string StandardErrorTail => _tail.ToString();

    /// <summary>The rung of the ladder on which it was made to end; null: it was not.</summary>
    public CallStop? StoppedBy => Volatile.Read(ref _stoppedBy) is var rung and >= 0 ? (CallStop)rung : null;

    public bool HasExited => Exited.IsCompleted || _process.HasExited;

    /// <summary>Physical memory; 0 when it cannot be read.</summary>
    public long WorkingSetBytes => Read(static process => process.WorkingSet64);

    /// <summary>Processor time used so far; zero when it cannot be read.</summary>
    public TimeSpan ProcessorTime => Read(static process => process.TotalProcessorTime);

    /// <summary>Whether the process ends within that time: what it printed may still be on its way then.</summary>
    public async Task<bool> ExitsWithinAsync(TimeSpan timeout)
    {
        await Task.WhenAny(Exited, Task.Delay(timeout)).ConfigureAwait(false);
        return HasExited;
    }

    /// <summary>Starts a worker and gives it its setup.</summary>
    /// <param name="start">How.</param>
    /// <param name="mark">Its mark, which it has in its environment.</param>
    /// <param name="setup">What it reads from its standard input.</param>
    /// <param name="thread">The thread to start it on.</param>
    /// <param name="output">Told each line that it prints, and whether that went to standard error.</param>
    /// <exception cref="WorkerStartException">From the task: the system could not start it.</exception>
    public static async Task<WorkerProcess> StartAsync(ProcessStartInfo start, string mark, byte[] setup, LaunchThread thread, Action<bool, string> output)
    {
        try
        {
            var (process, group) = await thread.RunAsync(() => Start(start)).ConfigureAwait(false);
            WriteSetup(process, setup);
            return new WorkerProcess(process, group, mark, output);
        }
        catch (Exception exception) when (exception is not ObjectDisposedException)
        {
            throw new WorkerStartException(
                $"No worker process could be started with {start.FileName} {string.Join(' ', start.ArgumentList)}: {exception.Message}{DescriptorLimit.Explain(exception)}",
                exception);
        }
    }

    /// <summary>Whether the kernel is to kill the process, and all in its group, when this process ends, because it could not end by itself then.</summary>
    public void KillWithHost(bool isWanted)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        lock (_gate)
        {
            try
            {
                if (isWanted && _deathSwitch is null)
                {
                    _deathSwitch = new HostDeathSwitch(Id);
                }
                else if (!isWanted)
                {
                    _deathSwitch?.Dispose();
                    _deathSwitch = null;
                }
            }
            catch (IOException)
            {
                // It has ended; or there are no descriptors for it, and it is left to what the worker itself has asked for.
            }
        }
    }

    /// <summary>Asks the process to end, and if it does not within <paramref name="timeout"/>, ends it with all it has started.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        if (Interlocked.CompareExchange(ref _stoppedBy, (int)CallStop.Termination, -1) == -1 && !OperatingSystem.IsWindows())
        {
            _group.SignalLeader(SignalTerminate);
            await Task.WhenAny(Exited, Task.Delay(timeout)).ConfigureAwait(false);
        }

        if (!HasExited)
        {
            Volatile.Write(ref _stoppedBy, (int)CallStop.Kill);
            Kill();
        }
    }

    /// <summary>Ends the process, and all it has started, now.</summary>
    public void Kill()
    {
        try
        {
            _group.Kill();
            KillTree();
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended already, or is about to.
        }
    }

    private void KillTree()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            // The system shows no processes, such as when no descriptor is left to process with. What has left the group is found by its mark.
            _process.Kill();
        }
    }

    /// <summary>Moves the process, which has run no user code, to a control group of its own below the pool's, if that is possible.</summary>
    // Not as soon as it starts: its runtime looks for its limits in the group that it finds itself in.
    public void Enter(ControlGroup? pool) => _controlGroup = pool?.TryAdd(Mark, Id);

    /// <summary>After the end of a process that was not asked to leave: ends what it has started, and deletes what it could not.</summary>
    /// <returns>Whether what has left its group could be looked for. Nobody needs to wait for that but the end of the pool.</returns>
    public async Task<bool> CleanUpAsync()
    {
        _group.Kill();
        DiagnosticFiles.Delete(Id);
        var hasScanned = !OperatingSystem.IsLinux() || await MarkedProcesses.KillAsync(Mark).ConfigureAwait(false);

        // Last: workers of this worker, which have its mark, were given time to remove their files.
        if (_controlGroup is not null)
        {
            await _controlGroup.EndAsync().ConfigureAwait(false);
        }

        return hasScanned;
    }

    /// <summary>After the end of a process that was asked to leave: what it has started goes on until the pool ends.</summary>
    public void ReleaseControlGroup() => _controlGroup?.TryRemove();

    public void Dispose()
    {
        // The process does not close what somebody reads; and a process that was left behind may hold the other ends.
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
        _group.Dispose();
        KillWithHost(false);
    }

    private static (Process Process, WorkerGroup Group) Start(ProcessStartInfo start)
    {
        var process = Process.Start(start) ?? throw new InvalidOperationException("The operating system started no process.");
        return (process, new WorkerGroup(process.Id));
    }

    private static void WriteSetup(Process process, byte[] setup)
    {
        try
        {
            process.StandardInput.BaseStream.Write(setup);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It died before it read its setup: its exit tells the rest.
        }
    }

    private async Task PumpErrorsAsync(Stream stream, Action<bool, string> output)
    {
        var lines = new StackFrameLimit(line =>
        {
            _tail.Add(line);
            output(true, line);
        });
        await OutputLines.PumpAsync(stream, lines.Add).ConfigureAwait(false);
        lines.End();
    }

    // Never of the object that waits for the exit: while it is refreshed, it forgets for a moment that the process has ended, and whoever asks it for the exit
    // code just then is told that there is none.
    private T Read<T>(Func<Process, T> value)
        where T : struct
    {
        try
        {
            using var process = Exited.IsCompleted ? null : Process.GetProcessById(Id);
            return process is null ? default : value(process);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended.
            return default;
        }
    }

    private async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        if (_process.ExitCode != WorkerExitCode.Done)
        {
            // What it has started may hold its output open, and nobody would see the end of it.
            _group.Kill();
        }

        await Task.WhenAny(Task.WhenAll(_output, _error), Task.Delay(OutputTimeout)).ConfigureAwait(false);
        return _process.ExitCode;
    }
}
