using MessagePack;

namespace MultiProc.Boundary;

/// <summary>One exception of a tree of inner exceptions: as text, and as a graph of its own if it can be rebuilt.</summary>
internal sealed class FaultNode
{
    private const int MaxDepth = 64;
    private const int MaxNodes = 1024;

    private string _typeName = "";
    private string _message = "";
    private string _stackTrace = "";
    private byte[] _state = [];
    private IReadOnlyList<string> _leftOut = [];
    private readonly List<FaultNode> _inner = [];

    /// <summary>Describes <paramref name="exception"/> and its inner exceptions, each once, down to a limit.</summary>
    public static FaultNode Of(Exception exception, ILiveExports live) => Of(exception, live, new FaultBudget(), 0);

    /// <summary>Says only which type it was.</summary>
    public static FaultNode Bare(Type type, string message) => new() { _typeName = NameOf(type), _message = message };

    /// <summary>Reads a node.</summary>
    public static FaultNode Read(ref MessagePackReader reader, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new BoundaryFormatException($"Exceptions are nested deeper than {MaxDepth}.");
        }

        var node = new FaultNode
        {
            _typeName = ReadText(ref reader),
            _message = ReadText(ref reader),
            _stackTrace = ReadText(ref reader),
            _state = Blocks.ReadSpan(ref reader).ToArray(),
            _leftOut = ReadTexts(ref reader),
        };
        var count = Blocks.ReadCount(ref reader);
        for (var i = 0; i < count; i++)
        {
            node._inner.Add(Read(ref reader, depth + 1));
        }

        return node;
    }

    /// <summary>Writes the node.</summary>
    public void Write(ref MessagePackWriter writer)
    {
        WriteText(ref writer, _typeName);
        WriteText(ref writer, _message);
        WriteText(ref writer, _stackTrace);
        writer.Write(_state);
        writer.Write(_leftOut.Count);
        foreach (var path in _leftOut)
        {
            WriteText(ref writer, path);
        }

        writer.Write(_inner.Count);
        foreach (var inner in _inner)
        {
            inner.Write(ref writer);
        }
    }

    /// <summary>Rebuilds the exception, its inner ones first.</summary>
    public RemoteFault Rebuild(Func<RemoteFault, Exception> rebuild, Trust trust, CallFunctions sent, ILiveImports? live, bool isOutermost)
    {
        var faults = _inner.ConvertAll(inner => inner.Rebuild(rebuild, trust, sent, live, isOutermost: false));
        var exception = FaultState.TryRead(_state, trust, sent, live);
        if (exception is not null)
        {
            FaultState.Attach(exception, faults.ConvertAll(fault => fault.Exception ?? rebuild(fault)), _stackTrace, isOutermost);
            FaultState.NoteLeftOut(exception, _leftOut);
        }

        return new RemoteFault(exception, _typeName, _message, _stackTrace, faults.FirstOrDefault());
    }

    private static FaultNode Of(Exception exception, ILiveExports live, FaultBudget budget, int depth)
    {
        budget.Seen.Add(exception);
        var message = Ask(exception, static exception => exception.Message);
        var node = new FaultNode
        {
            _typeName = NameOf(exception.GetType()),
            _message = budget.Text(message),
            _stackTrace = budget.Text(Ask(exception, static exception => exception.StackTrace)),
        };
        (node._state, node._leftOut) = FaultState.Encode(exception, message, budget, live);
        if (node._leftOut.Count > 0)
        {
            node._stackTrace = string.Concat(
                node._stackTrace, node._stackTrace.Length == 0 ? "" : Environment.NewLine, "   [left out, because it cannot cross: ", string.Join(", ", node._leftOut), "]");
        }

        foreach (var inner in FaultState.InnerOf(exception))
        {
            if (depth < MaxDepth && budget.Seen.Count < MaxNodes && !budget.Seen.Contains(inner))
            {
                node._inner.Add(Of(inner, live, budget, depth + 1));
            }
        }

        return node;
    }

    private static string NameOf(Type type) => type is { IsGenericType: false, FullName: { } name } ? name : type.ToString();

    private static string Ask(Exception exception, Func<Exception, string?> property)
    {
        try
        {
            return property(exception) ?? "";
        }
        catch (Exception thrown)
        {
            // The property is the user's own code; what it threw is all there is to tell.
            return $"({exception.GetType().Name}: the text cannot be read, because its property threw {thrown.GetType().Name})";
        }
    }

    private static void WriteText(ref MessagePackWriter writer, string text) => StringFormatter.WriteText(ref writer, text);

    private static string[] ReadTexts(ref MessagePackReader reader)
    {
        var texts = new string[Blocks.ReadCount(ref reader)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = ReadText(ref reader);
        }

        return texts;
    }

    private static string ReadText(ref MessagePackReader reader) =>
        StringFormatter.ReadText(ref reader) ?? throw new BoundaryFormatException("A text is missing.");
}
