namespace MultiProc.Boundary;

/// <summary>
/// A worker named something that this process does not make at a worker's wish. <see cref="BoundaryReader"/> turns it into a <see cref="BoundaryException"/> with the
/// path to where it stands.
/// </summary>
internal sealed class DistrustException(Type type, string what, string reason) : Exception($"{what}: {reason}")
{
    private readonly ReadingPath _path = new();

    /// <summary>What was named; <see cref="object"/> if this process has no such type.</summary>
    public Type Type { get; } = type;

    /// <summary>Called from the inside to the outside while the exception passes; false, so that it serves as a filter.</summary>
    public bool Passes(IPathPart part, object? instance, int step) => _path.Prepend(part, instance, step);

    /// <summary>The refusal, for a value that <paramref name="root"/> names.</summary>
    public BoundaryException ToRefusal(string root)
    {
        var path = _path.ToString(root);
        return new BoundaryException(path, Type, $"{path} was not accepted from a worker: {Message}");
    }

    /// <summary>The segments of a path, found from its end to its beginning; of a very deep one both ends.</summary>
    private sealed class ReadingPath
    {
        private const int MaxSegments = 32;

        private readonly List<string> _inner = [];
        private readonly Queue<string> _outer = [];
        private bool _isCut;

        public bool Prepend(IPathPart part, object? instance, int step)
        {
            if (SegmentOf(part, instance, step) is not { Length: > 0 } segment)
            {
                return false;
            }

            if (_inner.Count < MaxSegments)
            {
                _inner.Add(segment);
                return false;
            }

            _outer.Enqueue(segment);
            if (_outer.Count > MaxSegments)
            {
                _outer.Dequeue();
                _isCut = true;
            }

            return false;
        }

        public string ToString(string root)
        {
            var text = string.Concat([root, .. _outer.Reverse(), _isCut ? "..." : "", .. _inner.AsEnumerable().Reverse()]);
            return root.Length == 0 ? text.TrimStart('.') : text;
        }

        private static string SegmentOf(IPathPart part, object? instance, int step)
        {
            try
            {
                return part.Segment(instance, step);
            }
            catch (Exception)
            {
                // What tells an entry by its key looks for it in the collection, where it is not yet.
                return step < 0 ? "" : $"[{step}]";
            }
        }
    }
}
