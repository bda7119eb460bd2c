namespace MultiProc.Diagnostics;

/// <summary>
/// A marker for code of the application that runs on threads of one pool: loggers, output handlers, progress objects
/// and listeners. Such code may dispose the pool, but must not wait for that, because the disposal waits for the code
/// in turn. So the pool has to know that the caller is inside of it. Thread-safe.
/// </summary>
internal sealed class Callbacks
{
    private static readonly AsyncLocal<Scope?> Current = new();

    /// <summary>
    /// Whether the caller runs inside of such code, or on another thread that this code has started and may be waiting
    /// for.
    /// </summary>
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

    /// <summary>Marks that such code runs on this thread, until the result is disposed.</summary>
    public Scope Enter()
    {
        // A scope that has ended must not be kept alive by what was started in it.
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

        /// <summary>Whether the call is still running. What it has started may outlive it.</summary>
        public bool IsOpen => !_isOver;

        public void Dispose()
        {
            _isOver = true;
            Current.Value = outer;
        }
    }
}
