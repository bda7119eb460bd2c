using MultiProc.Host.Run.Inputs;

namespace MultiProc.Host.Run;

/// <summary>One item of the input on its way to its end.</summary>
/// <param name="ordinal">Its position among the items of this run, from 0.</param>
/// <param name="item">The item.</param>
internal sealed class Job(long ordinal, InputItem item)
{
    public long Ordinal => ordinal;

    public InputItem Item => item;

    /// <summary>How often it was begun.</summary>
    public int Tries { get; set; }

    /// <summary>What came of the last try.</summary>
    public JobEnd End { get; set; } = JobEnd.None;

    /// <summary>Whether its failure has been told.</summary>
    public bool IsTold { get; set; }
}
