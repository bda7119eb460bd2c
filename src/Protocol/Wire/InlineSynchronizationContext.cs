namespace MultiProc.Protocol.Wire;

/// <summary>
/// A synchronization context that runs posted work at once, on the posting thread: messages are handled in order, on
/// the thread that read them.
/// </summary>
internal sealed class InlineSynchronizationContext : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => d(state);

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;
}
