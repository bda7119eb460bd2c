namespace MultiProc.Sharing;

/// <summary>What a block of shared memory holds, so that a handle used for the wrong type is noticed.</summary>
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
