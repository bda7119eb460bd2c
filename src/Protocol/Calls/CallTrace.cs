using System.Diagnostics;

namespace MultiProc.Protocol.Calls;

/// <summary>
/// The spans of calls, of the source "MultiProc": in the host one from submission to the end, in the worker one while the function runs. What crosses is the
/// W3C context of the caller. Nothing is created, and no time taken, while nobody listens and no span is current.
/// </summary>
internal static class CallTrace
{
    public const string SourceName = "MultiProc";

    // A traceparent has this length, always; a state may follow it.
    private const int ParentLength = 55;

    private static readonly string Version = typeof(CallTrace).Assembly.GetName().Version?.ToString(3) ?? "";

    private static readonly ActivitySource Source = CreateSource();

    /// <summary>Begins the host's span of a call; null when nobody listens. It is not the current one: the caller goes on meanwhile.</summary>
    public static Activity? Begin(string label)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var current = Activity.Current;
        var span = Start(label, ActivityKind.Client, default);
        SetCurrent(current);
        return span;
    }

    /// <summary>Ends the host's span, if there is one. Before the caller hears of the end, so that a caller that has heard it finds the span exported.</summary>
    public static void End(Activity? span, Exception? error)
    {
        if (span is null || span.IsStopped)
        {
            return;
        }

        var current = Activity.Current;
        Note(span, error);
        Stop(span);
        SetCurrent(current);
    }

    /// <summary>Ends a span, if there is one. The one that was current before it is current again.</summary>
    public static void Stop(Activity? span)
    {
        if (span is null)
        {
            return;
        }

        try
        {
            span.Stop();
        }
        catch (Exception exception)
        {
            ListenerFailures.Report(exception);
            SetCurrent(span.Parent);
        }
    }

    /// <summary>What a worker needs to go on with a trace: that of the call's span, or else of the span that is current; null: there is no trace.</summary>
    public static string? ContextOf(Activity? span) =>
        (span ?? Activity.Current) is { IdFormat: ActivityIdFormat.W3C, Id: { } id } source ? id + source.TraceStateString : null;

    /// <summary>Runs a function inside the worker's span.</summary>
    public static void Run(string? context, Action function)
    {
        var span = Continue(context);
        try
        {
            function();
        }
        catch (Exception exception)
        {
            Note(span, exception);
            throw;
        }
        finally
        {
            Stop(span);
        }
    }

    /// <summary>Begins the worker's span, which is the current one from now on. Without a listener here, too: user code passes its trace on. Null: there is no trace.</summary>
    public static Activity? Continue(string? trace)
    {
        if (trace is null)
        {
            return null;
        }

        var (parent, state) = (trace[..ParentLength], trace.Length == ParentLength ? null : trace[ParentLength..]);
        if (ActivityContext.TryParse(parent, state, isRemote: true, out var context)
            && Start("run", ActivityKind.Server, context) is { } span)
        {
            return span;
        }

        var bare = new Activity("run") { TraceStateString = state }.SetParentId(parent);
        try
        {
            bare.Start();
        }
        catch (Exception exception)
        {
            // It is the current one all the same.
            ListenerFailures.Report(exception);
        }

        return bare;
    }

    /// <summary>Marks a span, if there is one, as failed.</summary>
    public static void Note(Activity? span, Exception? error)
    {
        if (span is not null && error is not null)
        {
            span.SetStatus(ActivityStatusCode.Error, error.Message);
            span.SetTag("error.type", error.GetType().FullName);
        }
    }

    // Listeners are asked, when the source is made, whether they want it. It exists also when one of them throws.
    private static ActivitySource CreateSource()
    {
        try
        {
            return new ActivitySource(SourceName, Version);
        }
        catch (Exception exception)
        {
            ListenerFailures.Report(exception);
            ActivitySource? made = null;
            using var finder = new ActivityListener
            {
                ShouldListenTo = source =>
                {
                    made = source.Name == SourceName && source.Version == Version ? source : made;
                    return false;
                },
            };
            ActivitySource.AddActivityListener(finder);
            if (made is null)
            {
                throw;
            }

            return made;
        }
    }

    /// <summary>Begins a span, which is the current one then; null when nobody wants it.</summary>
    private static Activity? Start(string name, ActivityKind kind, ActivityContext parent)
    {
        var current = Activity.Current;
        try
        {
            return Source.StartActivity(name, kind, parent);
        }
        catch (Exception exception)
        {
            // A listener that was to decide about it, or one that was told of it: then it has begun.
            ListenerFailures.Report(exception);
            return Activity.Current is { } begun && begun != current && begun.Source == Source ? begun : null;
        }
    }

    private static void SetCurrent(Activity? span)
    {
        try
        {
            Activity.Current = span;
        }
        catch (Exception exception)
        {
            // Somebody who is told of each change; the change has happened.
            ListenerFailures.Report(exception);
        }
    }
}
