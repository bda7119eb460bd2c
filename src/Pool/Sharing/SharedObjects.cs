namespace MultiProc.Sharing;

/// <summary>
/// The registry of this process's shared objects by handle, so that one handle is one object. Thread-safe.
/// </summary>
/// <remarks>
/// An attached object is forgotten when nothing else refers to it. An object that was created here is kept until it is
/// disposed: other processes may use it although this one has dropped every reference.
/// </remarks>
internal static class SharedObjects
{
    private const int MinSweep = 256;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, WeakReference<object>> Known = [];
    private static readonly Dictionary<object, SharedBlock> Kept = [];
    private static int _nextSweep = MinSweep;

    /// <summary>
    /// The object registered for <paramref name="handle"/>, or else the one that <paramref name="attach"/> creates.
    /// </summary>
    /// <exception cref="InvalidOperationException">The handle names an object of another type.</exception>
    public static T GetOrAttach<T>(string handle, Func<string, T> attach)
        where T : class
    {
        lock (Gate)
        {
            if (Known.TryGetValue(handle, out var reference) && reference.TryGetTarget(out var known))
            {
                return known as T ?? throw new InvalidOperationException(
                    $"The handle '{handle}' names a {known.GetType().Name}, not a {typeof(T).Name}. Attach it as what it was created as.");
            }

            Sweep();
            var attached = attach(handle);
            Known[handle] = new WeakReference<object>(attached);
            return attached;
        }
    }

    /// <summary>Registers a new object, and keeps it until it ends.</summary>
    public static void Add(string handle, object created, SharedBlock block)
    {
        lock (Gate)
        {
            Sweep();
            Known[handle] = new WeakReference<object>(created);
            Kept[created] = block;
        }
    }

    /// <summary>
    /// Keeps an attached object until it ends, because it gave away something that does not keep it reachable.
    /// </summary>
    public static void Keep(object attached, SharedBlock block)
    {
        lock (Gate)
        {
            Kept[attached] = block;
        }
    }

    /// <summary>Removes an object that was disposed. Attaching again creates another.</summary>
    public static void Remove(string handle, object disposed)
    {
        lock (Gate)
        {
            Kept.Remove(disposed);
            if (Known.TryGetValue(handle, out var reference) && reference.TryGetTarget(out var known) && ReferenceEquals(known, disposed))
            {
                Known.Remove(handle);
            }
        }
    }

    private static void Sweep()
    {
        foreach (var (kept, block) in Kept)
        {
            if (!block.IsCreator && block.IsEndedOrDamaged)
            {
                Kept.Remove(kept);
            }
        }

        if (Known.Count < _nextSweep)
        {
            return;
        }

        foreach (var (handle, reference) in Known)
        {
            if (!reference.TryGetTarget(out _))
            {
                Known.Remove(handle);
            }
        }

        _nextSweep = Math.Max(MinSweep, 2 * Known.Count);
    }
}
