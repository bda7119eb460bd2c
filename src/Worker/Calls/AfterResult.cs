namespace MultiProc.Worker.Calls;

/// <summary>What follows a result that was left in the outbox.</summary>
internal enum AfterResult
{
    /// <summary>It is flushed.</summary>
    Flush,

    /// <summary>Another item of the same chunk.</summary>
    NextItem,

    /// <summary>Other work.</summary>
    NextUnit,
}
