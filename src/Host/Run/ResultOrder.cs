namespace MultiProc.Host.Run;

/// <summary>Brings jobs that end in any order back into the order of the input. What waits here is bounded by what the feed lets through.</summary>
internal sealed class ResultOrder
{
    private readonly Dictionary<long, Job> _early = [];
    private long _next;

    /// <summary>A job has ended; what is returned is its turn now.</summary>
    public IEnumerable<Job> Add(Job job)
    {
        _early.Add(job.Ordinal, job);
        while (_early.Remove(_next, out var next))
        {
            _next++;
            yield return next;
        }
    }
}
