namespace MultiProc.Protocol.Wire;

/// <summary>Where the host's finished frames go: to a thread that may block on the pipe, or, in tests, straight into a stream.</summary>
internal interface IFrameSink : IDisposable
{
    /// <summary>Takes over <paramref name="frame"/>, in order.</summary>
    void Write(in Frame frame);
}
