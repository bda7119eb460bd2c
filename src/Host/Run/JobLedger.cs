using MultiProc.Host.Run.Display;
using MultiProc.Host.Run.Inputs;

namespace MultiProc.Host.Run;

/// <summary>What has come of the jobs: writes results and log, tells failures, and counts.</summary>
internal sealed class JobLedger(RunRequest request, IInput input, IRunDisplay display, ResultOutput output, JobLog? log, long failedBefore)
{
    private readonly ResultOrder? _order = request.Unordered ? null : new ResultOrder();
    private long _done;
    private long _failed;
    private long _invalid;

    /// <summary>Whether no further job is to begin.</summary>
    public bool IsHalted => request.Halt != Halt.Never && _failed + _invalid > 0;

    /// <summary>Whether those that have begun are to be stopped.</summary>
    public bool IsHaltedNow => request.Halt == Halt.Now && IsHalted;

    public int ExitCode => _invalid > 0 ? HostExitCode.Usage : _failed + failedBefore > 0 ? HostExitCode.Failed : HostExitCode.Success;

    /// <summary>Whether a job that has come back is tried once more.</summary>
    public bool IsToBeRepeated(Job job) => job.End is { Error: not null, IsInvalid: false } && job.Tries <= request.Retries && !IsHalted;

    /// <summary>A job has ended.</summary>
    /// <returns>How many jobs have been written with it: those whose turn it was.</returns>
    public int Take(Job job)
    {
        if (job.End.Error is not null)
        {
            _invalid += job.End.IsInvalid ? 1 : 0;
            _failed += job.End.IsInvalid ? 0 : 1;
            if (IsHalted)
            {
                // Its turn may never come.
                Tell(job);
            }
        }

        if (_order is null)
        {
            Write(job);
            return 1;
        }

        var written = 0;
        foreach (var next in _order.Add(job))
        {
            Write(next);
            written++;
        }

        return written;
    }

    /// <summary>Writes the results to where they go, and then the log.</summary>
    public void Flush()
    {
        output.Flush();
        if (!output.Gone.IsCancellationRequested)
        {
            log?.Flush();
        }
    }

    public void TellTotals(TimeSpan elapsed) => display.End(_done, _failed + _invalid, elapsed);

    private void Write(Job job)
    {
        if (job.End is { Json: null, Error: null })
        {
            // The run had been halted before it began.
            return;
        }

        if (job.End.Json is { } json)
        {
            output.Write(request.Format.Line(job.Item, json));
        }
        else
        {
            Tell(job);
        }

        if (log is not null && !output.Gone.IsCancellationRequested)
        {
            log.Add(job, output.End);
            if (log.IsFull)
            {
                Flush();
            }
        }

        display.Show(++_done);
    }

    private void Tell(Job job)
    {
        if (!job.IsTold)
        {
            job.IsTold = true;
            display.Note(FailureText.Of(job.End.IsInvalid ? input.Place(job.Item) : input.Label(job.Item), job.End.Error!, request.Trace));
        }
    }
}
