namespace MultiProc.Protocol.Messages;

/// <summary>The parameter of a <see cref="Methods.Done"/> message as the worker sends it: records, the last of which may go on in a part of its own.</summary>
internal readonly record struct RecordBlock(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Rest);
