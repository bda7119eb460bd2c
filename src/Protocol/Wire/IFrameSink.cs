namespace MultiProc.Protocol.Wire;

/// <summary>Where finished frames go: straight into the pipe (worker), or to a thread that may block on it (host).</summary>
internal interface IFrameSink : IDisposable
{
    /// <summary>Takes over <paramref name="frame"/>, in order.</summary>
    void Write(in Frame frame);
}
