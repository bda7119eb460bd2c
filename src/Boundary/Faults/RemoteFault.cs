namespace MultiProc.Boundary;

/// <summary>An exception as it came from the other process.</summary>
/// <param name="Exception">The exception itself, rebuilt; null when its type cannot be.</param>
/// <param name="TypeName">The full name of its type.</param>
/// <param name="Message">Its message.</param>
/// <param name="StackTrace">Its stack trace there.</param>
/// <param name="Inner">The first inner exception.</param>
internal sealed record RemoteFault(Exception? Exception, string TypeName, string Message, string StackTrace, RemoteFault? Inner);
