namespace MultiProc;

/// <summary>A call, or a chunk of a map, that took long.</summary>
/// <param name="Function">Its name.</param>
/// <param name="Arguments">
/// Its captured variables and arguments as text, cut after 100 characters; of a chunk of a map those of its first item, and the number of the others. Empty: it
/// has none.
/// </param>
/// <param name="Duration">How long it kept its worker busy.</param>
/// <param name="Worker">Which one it was.</param>
public sealed record SlowCall(string Function, string Arguments, TimeSpan Duration, string Worker);
