using System.Diagnostics;
using System.Runtime.InteropServices;
using MultiProc.Protocol.Launch;

namespace MultiProc.Workers;

/// <summary>One operating system process that is a worker: the only owner of <see cref="Process"/> but for <see cref="StackCapture"/>. Thread-safe.</summary>
internal sealed partial class WorkerProcess : IDisposable
{
    private const int SignalKill = 9;
    private const int SignalTerminate = 15;

    // Exiting on request, or on SIGTERM, takes a healthy process a few milliseconds.
    public static readonly TimeSpan TerminationPatience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan OutputPatience = TimeSpan.FromMilliseconds(500);

    private readonly Process _process;
    private readonly Task _output;
    private readonly Task _error;
    private readonly OutputTail _tail = new();
    private int _stoppedBy = -1;

    private WorkerProcess(Process process, Action<bool, string> output)
    {
        _process = process;
        Id = process.Id;
        _output = OutputLines.PumpAsync(process.StandardOutput.BaseStream, line => output(false, line));
        _error = OutputLines.PumpAsync(process.StandardError.BaseStream, line =>
        {
            _tail.Add(line);
            output(true, line);
        });
        Exited = WaitForExitAsync();
    }

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
    public async Task<bool> ExitsWithinAsync(TimeSpan patience)
    {
        await Task.WhenAny(Exited, Task.Delay(patience)).ConfigureAwait(false);
        return HasExited;
    }

    public static WorkerProcess Start(ProcessStartInfo start, byte[] setup, Action<bool, string> output)
    {
        Process? process = null;
        try
        {
            process = Process.Start(start) ?? throw new InvalidOperationException("The operating system started no process.");
            process.StandardInput.BaseStream.Write(setup);
            process.StandardInput.Close();
        }
        catch (Exception exception) when (process is not null && exception is IOException)
        {
            // It died before it read its setup: its exit tells the rest.
        }
        catch (Exception exception)
        {
            throw new WorkerStartException(
                $"No worker process could be started with {start.FileName} {string.Join(' ', start.ArgumentList)}: {exception.Message}", exception);
        }

        return new WorkerProcess(process!, output);
    }

    /// <summary>Asks the process to end, and if it does not within <paramref name="patience"/>, ends it with all it has started.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (Interlocked.CompareExchange(ref _stoppedBy, (int)CallStop.Termination, -1) == -1 && !OperatingSystem.IsWindows())
        {
            _ = kill(Id, SignalTerminate);
            await Task.WhenAny(Exited, Task.Delay(patience)).ConfigureAwait(false);
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
            KillGroup();
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended already, or is about to.
        }
    }

    /// <summary>After the end of a process that was not asked to leave: ends what it has started, and deletes what it could not.</summary>
    public void CleanUp()
    {
        KillGroup();
        DiagnosticFiles.Delete(Id);
    }

    public void Dispose()
    {
        // The process does not close what somebody reads; and a process that was left behind may hold the other ends.
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
    }

    // Never of the object that waits for the exit: while it is refreshed, it forgets for a moment that the process has ended, and whoever asks it for the exit
    // code just then is told that there is none.
    private T Read<T>(Func<Process, T> value)
        where T : struct
    {
        try
        {
            using var look = Exited.IsCompleted ? null : Process.GetProcessById(Id);
            return look is null ? default : value(look);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended.
            return default;
        }
    }

    // The worker leads a process group: this also reaches children whose parent is gone. The group's number stays taken while anybody is in it.
    private void KillGroup()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = kill(-Id, SignalKill);
        }
    }

    private async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        if (_process.ExitCode != WorkerExitCode.Done)
        {
            // What it has started may hold its output open, and nobody would see the end of it.
            KillGroup();
        }

        await Task.WhenAny(Task.WhenAll(_output, _error), Task.Delay(OutputPatience)).ConfigureAwait(false);
        return _process.ExitCode;
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
