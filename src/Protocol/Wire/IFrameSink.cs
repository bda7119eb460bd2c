namespace MultiProc.Protocol.Wire;

/// <summary>
/// The destination of the host's frames: a thread that may block on the pipe, or, in tests, a stream.
/// </summary>
internal interface IFrameSink : IDisposable
{
    /// <summary>Writes or queues a frame, in order.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="isWork">
    /// Whether the frame carries work, whose volume is limited by its sender. The other side can cause any number of
    /// other frames, above all answers.
    /// </param>
    /// <exception cref="InvalidDataException">
    /// The other side has caused too many frames without reading them: the connection must end.
    /// </exception>
    void Write(in Frame frame, bool isWork);
}
