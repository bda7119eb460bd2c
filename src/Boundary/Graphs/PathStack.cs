using System.Text;

namespace MultiProc.Boundary;

/// <summary>Where the writer stands in the graph. Kept as references and numbers; text is made of it only for a refusal.</summary>
internal sealed class PathStack
{
    private const int MaxTextLength = 300;

    private Entry[] _entries = new Entry[32];
    private int _depth;
    private string _root = "";

    /// <summary>Which part of the innermost object is being written: a field's number or an element's index.</summary>
    public int Step;

    /// <summary>Names what the path begins with, such as <c>arg2</c>.</summary>
    public void StartAt(string root)
    {
        _root = root;
        _depth = 0;
    }

    /// <summary>Enters an object or struct.</summary>
    public void Push(IPathPart part, object? instance)
    {
        var depth = _depth;
        if (depth > 0)
        {
            _entries[depth - 1].Step = Step;
        }

        if (depth == _entries.Length)
        {
            Array.Resize(ref _entries, depth * 2);
        }

        ref var entry = ref _entries[depth];
        entry.Part = part;
        entry.Instance = instance;
        _depth = depth + 1;
    }

    /// <summary>Leaves the innermost object.</summary>
    public void Pop()
    {
        ref var entry = ref _entries[--_depth];
        entry.Part = null!;
        entry.Instance = null;
    }

    /// <summary>The serializer of <paramref name="instance"/> when it is being written right now.</summary>
    public Serializer? FindOpen(object instance)
    {
        for (var i = _depth - 1; i >= 0; i--)
        {
            if (ReferenceEquals(_entries[i].Instance, instance))
            {
                return _entries[i].Part as Serializer;
            }
        }

        return null;
    }

    /// <summary>Forgets where the writer stood.</summary>
    public void Clear()
    {
        if (_entries.Length > 4096)
        {
            _entries = new Entry[32];
        }
        else
        {
            Array.Clear(_entries, 0, _depth);
        }

        _depth = 0;
    }

    /// <summary>What the reader of a refusal should know besides the path: which lambda captured the value.</summary>
    public string Note()
    {
        for (var i = _depth - 1; i >= 0; i--)
        {
            if (_entries[i] is { Part: IPathNote note } entry)
            {
                return " " + note.Note(entry.Instance, FirstSegmentFrom(i) == ".this");
            }
        }

        return "";
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder(_root);
        for (var i = 0; i < _depth; i++)
        {
            var segment = _entries[i].Part.Segment(_entries[i].Instance, StepAt(i));
            text.Append(text.Length == 0 ? segment.TrimStart('.') : segment);
        }

        if (text.Length > MaxTextLength)
        {
            text.Remove(MaxTextLength / 2, text.Length - MaxTextLength).Insert(MaxTextLength / 2, "...");
        }

        return text.ToString();
    }

    private string FirstSegmentFrom(int depth)
    {
        var segment = "";
        for (var i = depth; i < _depth && segment.Length == 0; i++)
        {
            segment = _entries[i].Part.Segment(_entries[i].Instance, StepAt(i));
        }

        return segment;
    }

    private int StepAt(int depth) => depth == _depth - 1 ? Step : _entries[depth].Step;

    private struct Entry
    {
        public IPathPart Part;
        public object? Instance;
        public int Step;
    }
}

/// <summary>Something that has named or numbered parts.</summary>
internal interface IPathPart
{
    /// <summary>The part's text in a path: <c>.Name</c>, <c>[3]</c>, or nothing.</summary>
    string Segment(object? instance, int step);
}

/// <summary>Something that has more to say about a refusal beneath it.</summary>
internal interface IPathNote
{
    /// <summary>A sentence. <paramref name="reachesThis"/>: the path goes on through <c>this</c>.</summary>
    string Note(object? instance, bool reachesThis);
}
