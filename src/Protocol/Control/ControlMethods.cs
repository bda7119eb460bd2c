namespace MultiProc.Protocol.Control;

/// <summary>
/// The names of the control protocol's requests and notifications. Documented in <c>docs/control.md</c>.
/// </summary>
internal static class ControlMethods
{
    public const string Info = "pool/info";
    public const string Functions = "pool/functions";
    public const string Subscribe = "pool/subscribe";
    public const string Unsubscribe = "pool/unsubscribe";
    public const string Changed = "pool/changed";
    public const string Call = "pool/call";
    public const string Map = "pool/map";
    public const string Progress = "pool/progress";
    public const string Stop = "pool/stop";
    public const string Kill = "pool/kill";
    public const string Recycle = "pool/recycle";
    public const string Resize = "pool/resize";
}
