namespace MultiProc.Scheduling;

/// <summary>A worker that can run calls: a process, this process itself, or a fake in a test. It reports to the <see cref="Dispatcher"/>.</summary>
internal interface ICallRunner
{
    int Slot { get; }

    /// <summary>The item that runs; null: none.</summary>
    RunningItem? Running { get; }

    /// <summary>The total time of its units, by its own account; null: it keeps none.</summary>
    TimeSpan? RunTime => null;

    /// <summary>Physical memory in bytes; 0 when it cannot be read.</summary>
    long WorkingSetBytes { get; }

    /// <summary>Whether a debugger is attached, which stops its clocks. Asks the operating system.</summary>
    bool IsDebugged { get; }

    /// <summary>Sends work, to be run in this order. Never blocks, never throws: a runner that is gone reports its loss.</summary>
    void Send(IReadOnlyList<Work> work);

    /// <summary>Signals a token of a unit; see <c>cancel</c> in the protocol.</summary>
    void Cancel(long unit, int item, int token);

    /// <summary>Recalls what has not begun of these units: it comes back as a record of <see cref="Protocol.Messages.RecordKind.Returned"/>.</summary>
    void Recall(long[] units);

    /// <summary>
    /// Asks how much time the runner has spent on compiling since the function of the running item was called. The answer comes once, on any
    /// thread, perhaps before this method returns; zero if the runner does not answer in time.
    /// </summary>
    void MeasureCompilation(Action<TimeSpan> answer) => answer(TimeSpan.Zero);

    /// <summary>Begins to capture the stack of a stuck runner, for a <see cref="Kill"/> that is likely to follow; see <see cref="RunnerExit.StackTrace"/>.</summary>
    void BeginStackCapture(long unit, int item)
    {
    }

    /// <summary>Logs that a call runs longer than its threshold, with its stack.</summary>
    void ReportSlow(string label, TimeSpan elapsed, TimeSpan threshold)
    {
    }

    /// <summary>Terminates the runner: SIGTERM, then SIGKILL. It will report its loss.</summary>
    /// <param name="order">The reason. If a call ran past its time limit, its stack is captured first.</param>
    void Kill(StopOrder order);
}
