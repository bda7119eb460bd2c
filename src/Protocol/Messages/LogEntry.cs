namespace MultiProc.Protocol.Messages;

/// <summary>A log entry of a function in a worker, on its way to the host's logger.</summary>
/// <param name="Level">As <c>Microsoft.Extensions.Logging.LogLevel</c>.</param>
/// <param name="EventId">The event's number.</param>
/// <param name="EventName">The event's name; empty when it has none.</param>
/// <param name="Category">The logger's category.</param>
/// <param name="Message">The finished text.</param>
/// <param name="Exception">The exception's text; empty when there is none.</param>
/// <param name="Scopes">The open scopes, outermost first, as text.</param>
/// <param name="Logger">
/// The number of the logger that the host passed; 0: the one that its factory creates for the category.
/// </param>
internal sealed record LogEntry(
    int Level, int EventId, string EventName, string Category, string Message, string Exception, IReadOnlyList<string> Scopes, int Logger = 0);
