using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>The sending side's table of what crosses live. Everything else crosses by value.</summary>
/// <remarks>An identifier is valid for the one call whose graph is being written.</remarks>
internal interface ILiveExports
{
    /// <summary>The pool's rules for types that are not its user's; null: none.</summary>
    SurrogateRules? Rules => null;

    /// <summary>Registers a token that can be cancelled, or is; the receiver's copy is signalled when this one is.</summary>
    /// <returns>
    /// The identifier to write, or -1 when this side cannot keep a token alive across the boundary (a token inside a result).
    /// </returns>
    int ExportToken(CancellationToken token);

    /// <summary>Registers an <see cref="IProgress{T}"/>; what the receiver's stand-in is told is reported to it, in order.</summary>
    /// <param name="progress">An instance of <c>IProgress&lt;T&gt;</c>.</param>
    /// <param name="valueType">The <c>T</c>.</param>
    /// <returns>The identifier to write, or -1 when progress cannot cross in this direction.</returns>
    int ExportProgress(object progress, Type valueType);

    /// <summary>Registers a logger; what the receiver's stand-in is told is told to it.</summary>
    /// <param name="logger">An <c>ILogger</c>.</param>
    /// <returns>The identifier to write, or -1 when this one cannot cross in this direction.</returns>
    int ExportLogger(object logger) => -1;

    /// <summary>An object in shared memory that holds items crosses: the other side can use it from now on.</summary>
    void OnSharing(IItemLimits limits)
    {
    }

    /// <summary>A delegate to <paramref name="function"/> crosses, besides the called function.</summary>
    void OnSending(FunctionReference function)
    {
    }

    /// <summary>Whether a delegate to <paramref name="method"/> came with the call that is answered, so that one may go back.</summary>
    bool HasReceived(MethodInfo method) => false;
}
