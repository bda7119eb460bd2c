namespace MultiProc.Live;

/// <summary>Stands, among a call's arguments, for the token that the call itself gets in its worker.</summary>
internal static class CallToken
{
    private static readonly CancellationTokenSource Marker = new();

    public static CancellationToken Own => Marker.Token;
}
