using MultiProc.Boundary;

namespace MultiProc.Live;

/// <summary>What comes from a worker holds nothing live; the worker refuses to write it.</summary>
internal sealed class NoLiveImports : ILiveImports
{
    public static readonly NoLiveImports Instance = new();

    public CancellationToken ImportToken(int id) => throw new InvalidDataException("A result claims to hold a live token.");

    public object ImportProgress(int id, Type valueType) => throw new InvalidDataException("A result claims to hold a live progress object.");
}
