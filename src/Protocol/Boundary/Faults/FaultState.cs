using System.Buffers;

namespace MultiProc.Protocol.Boundary;

/// <summary>One exception without its inner exceptions, as a graph.</summary>
internal static class FaultState
{
    /// <summary>The inner exceptions, read from the fields: properties can be overridden, and throw.</summary>
    public static IReadOnlyList<Exception> InnerOf(Exception exception) => exception switch
    {
        AggregateException aggregate => AggregateContent.InnerExceptions(aggregate),
        _ when ExceptionContent.Inner(exception) is { } inner => [inner],
        _ => [],
    };

    /// <summary>The state as bytes, and whether members were left out; no bytes when it cannot be rebuilt.</summary>
    public static (byte[] State, bool IsPartial) Encode(Exception exception, string message, FaultBudget budget)
    {
        try
        {
            return (Encode(exception, leavesOut: false, budget), false);
        }
        catch (Exception)
        {
            // Some member cannot cross (or its code threw): the second form leaves such members out.
        }

        try
        {
            var partial = Encode(exception, leavesOut: true, budget);
            if (TryRead(partial) is not { } trial)
            {
                return ([], false);
            }

            Attach(trial, [.. InnerOf(exception)], "", isOutermost: false);
            return Works(trial, message) ? (partial, true) : ([], false);
        }
        catch (Exception)
        {
            // Not even without them: the text tells what there is to tell.
            return ([], false);
        }
    }

    /// <summary>The exception, or null when this process cannot rebuild it.</summary>
    public static Exception? TryRead(byte[] state)
    {
        if (state.Length == 0)
        {
            return null;
        }

        try
        {
            using var reader = new BoundaryReader(state, NoLive.Instance);
            return reader.Read<Exception>();
        }
        catch (BoundaryFormatException)
        {
            // The type is unknown here, or differs: the caller substitutes from the text.
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

    private static byte[] Encode(Exception exception, bool leavesOut, FaultBudget budget)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new BoundaryWriter(buffer, NoLive.Instance);
        writer.WriteDetached(exception, leavesOut);
        return budget.TakeState(buffer.WrittenCount)
            ? buffer.WrittenSpan.ToArray()
            : throw new InvalidOperationException("The exception's state is too large.");
    }
}
