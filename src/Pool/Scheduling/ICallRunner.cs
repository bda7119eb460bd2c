namespace MultiProc.Scheduling;

/// <summary>A worker that can run calls: a process, this process itself, or a test's fake. What it has to tell, it tells the <see cref="Dispatcher"/>.</summary>
internal interface ICallRunner
{
    int Slot { get; }

    /// <summary>What is running right now; null when nothing is.</summary>
    RunningItem? Running { get; }

    /// <summary>How long it has run units in all, by its own account; null: it keeps none.</summary>
    TimeSpan? RunTime => null;

    /// <summary>Physical memory in bytes; 0 when it cannot be read.</summary>
    long WorkingSetBytes { get; }

    /// <summary>Whether a debugger is attached: then its clocks stand still. Costs a look at the operating system.</summary>
    bool IsDebugged { get; }

    /// <summary>Hands over work, to be run in this order. Never blocks, never throws: a runner that is gone reports itself lost.</summary>
    void Send(IReadOnlyList<Work> work);

    /// <summary>Signals a token of a unit; see <c>cancel</c> in the protocol.</summary>
    void Cancel(long unit, int item, int token);

    /// <summary>What has not begun of these units is to come back, as a record of <see cref="Protocol.Messages.RecordKind.Returned"/>.</summary>
    void Recall(long[] units);

    /// <summary>
    /// Finds out how much time the runner has spent on compiling since the function of the running item was called. The answer comes once, on any thread, perhaps
    /// before this returns; zero if the runner does not tell in time.
    /// </summary>
    void MeasureCompilation(Action<TimeSpan> answer) => answer(TimeSpan.Zero);

    /// <summary>Begins to find out where the runner is stuck, for a <see cref="Kill"/> that is likely to follow; see <see cref="RunnerExit.StackTrace"/>.</summary>
    void BeginStackCapture(long unit, int item)
    {
    }

    /// <summary>Logs that a call has been running for longer than its threshold, with where it is.</summary>
    void ReportSlow(string label, TimeSpan elapsed, TimeSpan threshold)
    {
    }

    /// <summary>Ends the runner by force: first politely, then not. It will report itself lost.</summary>
    /// <param name="order">Why. If a call ran past its time limit, it is noted first where that is stuck.</param>
    void Kill(StopOrder order);
}
