using System.Buffers;
using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>One exception without its inner exceptions, as a graph.</summary>
internal static class FaultState
{
    private const string LeftOutKey = "MultiProc.LeftOut";

    /// <summary>The inner exceptions, read from the fields: properties can be overridden, and throw.</summary>
    public static IReadOnlyList<Exception> InnerOf(Exception exception) => exception switch
    {
        AggregateException aggregate => AggregateContent.InnerExceptions(aggregate),
        _ when ExceptionContent.Inner(exception) is { } inner => [inner],
        _ => [],
    };

    /// <summary>The state as bytes, and the paths to members that were left out; no bytes when it cannot be rebuilt.</summary>
    public static (byte[] State, IReadOnlyList<string> LeftOut) Encode(Exception exception, string message, FaultBudget budget, ILiveExports live)
    {
        try
        {
            return (Encode(exception, leavesOut: false, budget, live).State, []);
        }
        catch (Exception)
        {
            // Some member cannot cross (or its code threw): the second form leaves such members out.
        }

        try
        {
            // It must still work there; what it looks like here tells.
            var partial = Encode(exception, leavesOut: true, budget, live);
            if (TryRead(partial.State, Trust.Full, default, live.Rules) is not { } trial)
            {
                return ([], []);
            }

            Attach(trial, [.. InnerOf(exception)], "", isOutermost: false);
            return Works(trial, message) ? partial : ([], []);
        }
        catch (Exception)
        {
            // Not even without them: the text tells what there is to tell.
            return ([], []);
        }
    }

    /// <summary>The exception, or null when this process cannot rebuild it, or not for whoever wrote it.</summary>
    public static Exception? TryRead(byte[] state, Trust trust, in CallFunctions sent, ILiveImports? live = null)
    {
        if (state.Length == 0)
        {
            return null;
        }

        try
        {
            using var reader = new BoundaryReader(state, live ?? NoLive.Instance, trust, sent);
            return reader.Read<Exception>();
        }
        catch (Exception exception) when (exception is BoundaryFormatException or BoundaryException)
        {
            // The type is unknown here, differs, or is not accepted: the caller substitutes from the text.
            return null;
        }
    }

    /// <summary>Whether an exception that lacks members still says what it said.</summary>
    public static bool Works(Exception exception, string message)
    {
        try
        {
            return exception.Message == message && exception.ToString() is not null;
        }
        catch (Exception)
        {
            // It needs what was left out.
            return false;
        }
    }

    /// <summary>Gives the exception its inner exceptions and the other process's stack trace.</summary>
    public static void Attach(Exception exception, List<Exception> inner, string stackTrace, bool isOutermost)
    {
        if (inner.Count > 0)
        {
            ExceptionContent.Inner(exception) = inner[0];
        }

        if (exception is AggregateException aggregate)
        {
            AggregateContent.InnerExceptions(aggregate) = [.. inner];
        }

        // The outermost is thrown again: then the frames of this process follow below the line.
        ExceptionContent.RemoteStackTrace(exception) = stackTrace.Length == 0 ? null
            : isOutermost ? stackTrace + Environment.NewLine + FaultTrace.End + Environment.NewLine
            : stackTrace;
    }

    /// <summary>Says in the exception which of its members are missing.</summary>
    public static void NoteLeftOut(Exception exception, IReadOnlyList<string> leftOut)
    {
        if (leftOut.Count > 0)
        {
            // It may have come through a worker of a worker.
            var data = ExceptionContent.OwnData(exception);
            data[LeftOutKey] = data[LeftOutKey] is string[] before ? [.. before, .. leftOut] : leftOut.ToArray();
        }
    }

    private static (byte[] State, IReadOnlyList<string> LeftOut) Encode(Exception exception, bool leavesOut, FaultBudget budget, ILiveExports live)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new BoundaryWriter(buffer, new DetachedExports(live));
        var leftOut = writer.WriteDetached(exception, Trust.InWorkers, leavesOut);
        return budget.TakeState(buffer.WrittenCount)
            ? (buffer.WrittenSpan.ToArray(), leftOut)
            : throw new InvalidOperationException("The exception's state is too large.");
    }

    /// <summary>Nothing crosses live in an exception; but a delegate that came with the call may go back in one.</summary>
    private sealed class DetachedExports(ILiveExports call) : ILiveExports
    {
        public SurrogateRules? Rules => call.Rules;

        public int ExportToken(CancellationToken token) => -1;

        public int ExportProgress(object progress, Type valueType) => -1;

        public bool HasReceived(MethodInfo method) => call.HasReceived(method);
    }
}
