namespace MultiProc.Protocol.Wire;

/// <summary>Where the host's finished frames go: to a thread that may block on the pipe, or, in tests, straight into a stream.</summary>
internal interface IFrameSink : IDisposable
{
    /// <summary>Takes over <paramref name="frame"/>, in order.</summary>
    /// <param name="frame">Ready for the pipe.</param>
    /// <param name="isWork">It brings work, which is bounded by who sends it. All else, above all answers, may be asked for by the other side without end.</param>
    /// <exception cref="InvalidDataException">The other side has asked for so much without reading what comes that the connection is to end.</exception>
    void Write(in Frame frame, bool isWork);
}
