namespace MultiProc.Protocol;

/// <summary>
/// The version of the worker protocol. Raise it whenever a message, a record or the status page changes: both sides
/// must have the same number.
/// </summary>
internal static class ProtocolVersion
{
    public const ushort Current = 10;
}
