namespace MultiProc;

/// <summary>Where a worker's time went.</summary>
/// <param name="Name">The worker's name, such as "w0".</param>
/// <param name="Calls">Calls, or chunks of maps, that it ran, however they ended.</param>
/// <param name="Starting">From the start of its process until it was connected.</param>
/// <param name="Initializing">In its initializer.</param>
/// <param name="Waiting">Ready, and without work.</param>
/// <param name="Working">With work: from when it was free for a call until its end was heard, or the call was given up with its worker.</param>
public sealed record WorkerInsights(string Name, long Calls, TimeSpan Starting, TimeSpan Initializing, TimeSpan Waiting, TimeSpan Working)
{
    /// <summary>The share of its time, since it was ready, in which it worked. From 0 to 1.</summary>
    public double WorkShare => Waiting + Working is { Ticks: > 0 } ready ? Working / ready : 0;
}
