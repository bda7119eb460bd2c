using System.Diagnostics;

namespace MultiProc.Protocol.Calls;

/// <summary>
/// The spans of calls, of the activity source "MultiProc": in the host one from submission to the end, in the worker
/// one while the function runs. The caller's W3C context is sent with the call. Without a listener and a current span
/// nothing is created or measured.
/// </summary>
internal static class CallTrace
{
    public const string SourceName = "MultiProc";

    // The fixed length of a traceparent; a state may follow it.
    private const int ParentLength = 55;

    private static readonly string Version = typeof(CallTrace).Assembly.GetName().Version?.ToString(3) ?? "";

    private static readonly ActivitySource Source = CreateSource();

    /// <summary>
    /// Starts the host's span of a call; null without a listener. It is not the current one: the caller goes on
    /// meanwhile.
    /// </summary>
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

    /// <summary>
    /// Stops the host's span, if there is one. This happens before the caller is notified, so that the caller finds the
    /// span exported.
    /// </summary>
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

    /// <summary>Stops a span, if there is one, and restores the current one before it.</summary>
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

    /// <summary>
    /// The context that a worker needs to continue a trace: that of the call's span, or else of the current one; null:
    /// there is no trace.
    /// </summary>
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

    /// <summary>
    /// Starts the worker's span and makes it current. It is created even without a listener, since user code passes the
    /// trace on. Null: there is no trace.
    /// </summary>
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
            // The span is current anyway.
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

    // Listeners are asked during the creation of the source whether they want it. The source exists even if one of them
    // throws.
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

    /// <summary>Starts a span and makes it current; null: nobody wants it.</summary>
    private static Activity? Start(string name, ActivityKind kind, ActivityContext parent)
    {
        var current = Activity.Current;
        try
        {
            return Source.StartActivity(name, kind, parent);
        }
        catch (Exception exception)
        {
            // A listener threw, either when it was sampled or when it was notified of the start. In the second case the
            // span has started.
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
            // A handler of the change threw; the change has happened.
            ListenerFailures.Report(exception);
        }
    }
}
