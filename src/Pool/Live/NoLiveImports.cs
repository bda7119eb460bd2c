using MultiProc.Boundary;

namespace MultiProc.Live;

/// <summary>
/// The imports of a graph from a worker. Such a graph has no live objects: the worker refuses to write them.
/// </summary>
internal sealed class NoLiveImports : ILiveImports
{
    public static readonly NoLiveImports Instance = new();

    public CancellationToken ImportToken(int id) => throw new InvalidDataException("A result claims to hold a live token.");

    public object ImportProgress(int id, Type valueType) => throw new InvalidDataException("A result claims to hold a live progress object.");
}
