namespace MultiProc.Live;

/// <summary>The placeholder, among a call's arguments, of the token that the worker creates for the call.</summary>
internal static class CallToken
{
    private static readonly CancellationTokenSource Marker = new();

    public static CancellationToken Own => Marker.Token;
}
