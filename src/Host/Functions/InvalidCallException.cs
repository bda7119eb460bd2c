namespace MultiProc.Host.Functions;

/// <summary>
/// A call cannot be made as it is written: no such assembly or function, no overload with that many arguments, or JSON that does not fit a parameter.
/// Thrown in a worker, before the function runs; the message is one line for the user of the command.
/// </summary>
internal sealed class InvalidCallException(string message, Exception? innerException = null) : Exception(message, innerException);
