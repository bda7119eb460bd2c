namespace MultiProc.Protocol.Messages;

/// <summary>
/// The parameter of a <see cref="Methods.Done"/> message as a worker sends it: records, the last of which may continue
/// in a separate part.
/// </summary>
internal readonly record struct RecordBlock(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Rest);
