namespace MultiProc.Diagnostics;

/// <summary>
/// Marks where code of the application runs on threads of one pool: loggers, handlers of output, progress objects and listeners. Such code may end the pool. It
/// cannot wait for that, because the end of the pool waits for it in turn: so the pool has to know that it is asked from inside. Thread-safe.
/// </summary>
internal sealed class Callbacks
{
    private static readonly AsyncLocal<Scope?> Current = new();

    /// <summary>Whether the caller runs inside of such code; also on another thread that this code has started and may be waiting for.</summary>
    public bool IsInside
    {
        get
        {
            for (var scope = Current.Value; scope is not null; scope = scope.Outer)
            {
                if (scope.Owner == this && scope.IsOpen)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Such code is called, on this thread, until the result is disposed.</summary>
    public Scope Enter()
    {
        // What is over must not be kept by what it has started.
        var outer = Current.Value;
        while (outer is { IsOpen: false })
        {
            outer = outer.Outer;
        }

        return Current.Value = new Scope(this, outer);
    }

    /// <summary>One call of such code.</summary>
    public sealed class Scope(Callbacks owner, Scope? outer) : IDisposable
    {
        private volatile bool _isOver;

        public Callbacks Owner => owner;

        public Scope? Outer => outer;

        /// <summary>What it has started may outlive it.</summary>
        public bool IsOpen => !_isOver;

        public void Dispose()
        {
            _isOver = true;
            Current.Value = outer;
        }
    }
}
