namespace MultiProc.Boundary;

/// <summary>For graphs in which nothing crosses live, such as exceptions.</summary>
internal sealed class NoLive : ILiveExports, ILiveImports
{
    public static NoLive Instance { get; } = new();

    public int ExportToken(CancellationToken token) => -1;

    public int ExportProgress(object progress, Type valueType) => -1;

    public CancellationToken ImportToken(int id) => throw new BoundaryFormatException("A cancellation token stands where none can.");

    public object ImportProgress(int id, Type valueType) => throw new BoundaryFormatException("A progress stands where none can.");
}
