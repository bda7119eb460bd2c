using System.Globalization;

namespace MultiProc.Protocol.Control;

/// <summary>The exception for a message that exceeds the maximum size.</summary>
internal sealed class MessageTooLargeException(int limit) : IOException(
    string.Create(CultureInfo.InvariantCulture, $"The message has more than {limit} bytes as JSON, which is the most of one message. Send or ask for less at once."));
