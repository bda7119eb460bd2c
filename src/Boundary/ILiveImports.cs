using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>The receiving side's counterpart of <see cref="ILiveExports"/>.</summary>
internal interface ILiveImports
{
    /// <inheritdoc cref="ILiveExports.Rules"/>
    SurrogateRules? Rules => null;

    /// <summary>The token that stands for the sender's token <paramref name="id"/>.</summary>
    CancellationToken ImportToken(int id);

    /// <summary>
    /// An <c>IProgress&lt;T&gt;</c> with T = <paramref name="valueType"/> that forwards to the sender's progress <paramref name="id"/>.
    /// </summary>
    object ImportProgress(int id, Type valueType);

    /// <summary>A logger of type <paramref name="type"/>, an interface, that tells the sender's logger <paramref name="id"/>.</summary>
    object ImportLogger(int id, Type type) => throw new BoundaryFormatException("A logger stands where none can.");

    /// <summary>An object in shared memory is about to be attached to.</summary>
    /// <exception cref="BoundaryFormatException">It must not be.</exception>
    void OnAttaching(Type type, string handle)
    {
    }

    /// <summary>An object in shared memory that holds items has been attached to, now or before.</summary>
    void OnAttached(IItemLimits limits)
    {
    }

    /// <summary>A delegate to <paramref name="method"/> has come.</summary>
    void OnReceived(MethodInfo method)
    {
    }
}
