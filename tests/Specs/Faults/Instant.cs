namespace MultiProc.Specs.Faults;

/// <summary>When a worker dies.</summary>
public enum Instant
{
    /// <summary>In its initializer.</summary>
    Starting,

    /// <summary>With nothing to do.</summary>
    Idle,

    /// <summary>Half-way through a large argument.</summary>
    ReadingRequest,

    /// <summary>In the function.</summary>
    Running,

    /// <summary>Half-way through a large result.</summary>
    WritingResult,

    /// <summary>Having been asked to leave.</summary>
    Exiting,
}
