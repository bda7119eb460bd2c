using System.Globalization;

namespace MultiProc.Protocol.Control;

/// <summary>A message has more bytes than one message may have.</summary>
internal sealed class MessageTooLargeException(int limit) : IOException(
    string.Create(CultureInfo.InvariantCulture, $"The message has more than {limit} bytes as JSON, which is the most of one message. Send or ask for less at once."));
