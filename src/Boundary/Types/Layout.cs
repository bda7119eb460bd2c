using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>The fields of a type in the order in which they cross, and a fingerprint of them.</summary>
internal sealed class Layout
{
    private static int _count;

    /// <summary>The layout made of <paramref name="fields"/>.</summary>
    public Layout(Type type, IEnumerable<FieldInfo> fields)
    {
        Type = type;
        var hash = 2166136261u;
        Add(type.ToString());
        foreach (var field in fields)
        {
            Add(field.Name);
            Add(field.FieldType.ToString());
        }

        Fingerprint = hash;

        void Add(string text)
        {
            foreach (var character in text)
            {
                hash = (hash ^ character) * 16777619u;
            }

            hash = (hash ^ '|') * 16777619u;
        }
    }

    /// <summary>The type.</summary>
    public Type Type { get; }

    /// <summary>Differs, in all likelihood, when names, types or order of fields differ.</summary>
    public uint Fingerprint { get; }

    /// <summary>Counts the layouts of this process, so that a set of them is a row of bits.</summary>
    public int Ordinal { get; } = Interlocked.Increment(ref _count) - 1;
}

/// <summary>Which layouts a graph has used.</summary>
internal sealed class LayoutMarks
{
    private readonly List<int> _marked = [];
    private bool[] _marks = new bool[64];

    /// <summary>Marks <paramref name="layout"/>; false when it was marked.</summary>
    public bool Mark(Layout layout)
    {
        var ordinal = layout.Ordinal;
        if (ordinal >= _marks.Length)
        {
            Array.Resize(ref _marks, Math.Max(ordinal + 1, _marks.Length * 2));
        }

        if (_marks[ordinal])
        {
            return false;
        }

        _marked.Add(ordinal);
        return _marks[ordinal] = true;
    }

    /// <summary>Unmarks all.</summary>
    public void Clear()
    {
        foreach (var ordinal in _marked)
        {
            _marks[ordinal] = false;
        }

        _marked.Clear();
    }
}
