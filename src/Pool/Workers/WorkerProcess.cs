using System.Diagnostics;
using MultiProc.Protocol.Launch;
using MultiProc.Workers.Launch;

namespace MultiProc.Workers;

/// <summary>
/// One worker process and the process group that it leads. Besides <see cref="StackCapture"/> it is the only owner of a
/// <see cref="Process"/>. Thread-safe.
/// </summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int SignalTerminate = 15;

    // A healthy process exits on request, or on SIGTERM, within a few milliseconds.
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

    /// <summary>The mark by which the processes that it starts are found.</summary>
    public string Mark { get; }

    public int Id { get; }

    /// <summary>
    /// Completes with the exit code when the process has ended and its output has been read. It does not wait for
    /// output that is held open by a process left behind.
    /// </summary>
    public Task<int> Exited { get; }

    public string StandardErrorTail => _tail.ToString();

    /// <summary>The step of the escalation that stopped the process; null: it was not stopped.</summary>
    public CallStop? StoppedBy => Volatile.Read(ref _stoppedBy) is var rung and >= 0 ? (CallStop)rung : null;

    public bool HasExited => Exited.IsCompleted || _process.HasExited;

    /// <summary>Physical memory in bytes; 0 when it cannot be read.</summary>
    public long WorkingSetBytes => Read(static process => process.WorkingSet64);

    /// <summary>Processor time used so far; zero when it cannot be read.</summary>
    public TimeSpan ProcessorTime => Read(static process => process.TotalProcessorTime);

    /// <summary>Waits until the process has ended. Its output may still be on its way then.</summary>
    public async Task<bool> ExitsWithinAsync(TimeSpan timeout)
    {
        await Task.WhenAny(Exited, Task.Delay(timeout)).ConfigureAwait(false);
        return HasExited;
    }

    /// <summary>Starts a worker and gives it its setup.</summary>
    /// <param name="start">How to start it.</param>
    /// <param name="mark">The mark that is in its environment.</param>
    /// <param name="setup">The setup that it reads from standard input.</param>
    /// <param name="thread">The thread that starts it.</param>
    /// <param name="output">Receives each line that it prints, and whether the line went to standard error.</param>
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

    /// <summary>
    /// Arms or disarms the kernel's kill of this process, and of its group, for the end of the host. It is for a
    /// process that could not end by itself then.
    /// </summary>
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
                // Either the process has ended, or no descriptors are left. Then only the parent-death signal remains
                // that the worker has asked for itself.
            }
        }
    }

    /// <summary>
    /// Asks the process to end. If it does not within <paramref name="timeout"/>, kills it with everything that it has
    /// started.
    /// </summary>
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

    /// <summary>Kills the process, and everything that it has started, now.</summary>
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
            // The processes cannot be listed, for example because no descriptor is left. Children that have left the
            // group are found by their mark.
            _process.Kill();
        }
    }

    /// <summary>
    /// Moves the process into a control group of its own below the pool's, if that is possible. It has not run user
    /// code yet.
    /// </summary>
    // Not directly after the start: the runtime reads its limits from the group in which it starts.
    public void Enter(ControlGroup? pool) => _controlGroup = pool?.TryAdd(Mark, Id);

    /// <summary>
    /// Cleans up after a process that was not asked to shut down: kills what it has started, and deletes the files that
    /// it could not delete.
    /// </summary>
    /// <returns>
    /// Whether processes that have left the group could be searched for. Only the disposal of the pool waits for it.
    /// </returns>
    public async Task<bool> CleanUpAsync()
    {
        _group.Kill();
        DiagnosticFiles.Delete(Id);
        var hasScanned = !OperatingSystem.IsLinux() || await MarkedProcesses.KillAsync(Mark).ConfigureAwait(false);

        // Last, because nested workers, which carry the same mark, were given time to remove their files.
        if (_controlGroup is not null)
        {
            await _controlGroup.EndAsync().ConfigureAwait(false);
        }

        return hasScanned;
    }

    /// <summary>
    /// Cleans up after a process that was asked to shut down. What it has started lives on until the pool ends.
    /// </summary>
    public void ReleaseControlGroup() => _controlGroup?.TryRemove();

    public void Dispose()
    {
        // Disposing of the process does not close streams that are being read, and a process that was left behind may
        // hold the other ends.
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
            // It died before it read its setup. Its exit code tells why.
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

    // Queries a fresh <c>Process</c>. <c>Refresh()</c> on <c>_process</c> transiently clears its exit state, which
    // races with <c>WaitForExitAsync</c>.
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
            // A process that it has started may hold its output open; the end of the output would then never come.
            _group.Kill();
        }

        await Task.WhenAny(Task.WhenAll(_output, _error), Task.Delay(OutputTimeout)).ConfigureAwait(false);
        return _process.ExitCode;
    }
}
