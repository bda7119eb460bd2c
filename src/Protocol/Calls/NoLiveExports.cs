using MultiProc.Boundary;

namespace MultiProc.Protocol.Calls;

/// <summary>The exporter for data without live objects.</summary>
internal sealed class NoLiveExports : ILiveExports
{
    public static readonly NoLiveExports Instance = new();

    public int ExportToken(CancellationToken token) => -1;

    public int ExportProgress(object progress, Type valueType) => -1;
}
