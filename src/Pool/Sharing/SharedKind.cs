namespace MultiProc.Sharing;

/// <summary>The kind of content of a block, which detects a handle that is used for the wrong type.</summary>
internal enum SharedKind
{
    Lock = 1,
    Semaphore,
    Event,
    Barrier,
    Value,
    Array,
    Queue,
}
