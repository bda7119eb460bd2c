using System.Diagnostics;

namespace MultiProc.Specs.Telemetry;

internal sealed record Span(string Name, string Trace, string Id, string Parent, bool IsError, string? ErrorType)
{
    public static Span Of(Activity span) => new(
        span.DisplayName, span.TraceId.ToString(), span.SpanId.ToString(), span.ParentSpanId.ToString(), span.Status == ActivityStatusCode.Error,
        span.GetTagItem("error.type") as string);
}
