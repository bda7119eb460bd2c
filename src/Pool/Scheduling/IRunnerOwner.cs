namespace MultiProc.Scheduling;

/// <summary>The owner of runners, which starts and ends them: the supervisor, or a test. Called outside of the dispatcher's lock.</summary>
internal interface IRunnerOwner
{
    /// <summary>The runner has its last work: a replacement can be started.</summary>
    void OnRetiring(ICallRunner runner);

    /// <summary>The runner has ended its last work and may leave.</summary>
    void OnRetired(ICallRunner runner);
}
