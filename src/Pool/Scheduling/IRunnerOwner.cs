namespace MultiProc.Scheduling;

/// <summary>Who starts and ends runners: the supervisor, or a test. Told outside the dispatcher's lock.</summary>
internal interface IRunnerOwner
{
    /// <summary>The runner has been given its last work: now is the time to start its replacement.</summary>
    void OnRetiring(ICallRunner runner);

    /// <summary>The runner has ended its last work and may leave.</summary>
    void OnRetired(ICallRunner runner);
}
