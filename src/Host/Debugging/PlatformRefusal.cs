namespace MultiProc.Host.Debugging;

/// <summary>What was asked for is not to be had on this system.</summary>
internal sealed class PlatformRefusal(string message) : IOException(message);
