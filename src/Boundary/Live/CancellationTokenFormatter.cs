using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Tokens cross live: none, cancelled already, or the number of one that can still be cancelled.</summary>
internal sealed class CancellationTokenFormatter : Formatter<CancellationToken>
{
    public override void Write(ref MessagePackWriter writer, CancellationToken value, GraphWriter graph)
    {
        if (value.IsCancellationRequested)
        {
            // The number is not needed there. But if the function stops because of it, this side knows that it has been cancelled.
            _ = graph.Live.ExportToken(value);
            writer.Write(true);
        }
        else if (value.CanBeCanceled && Export(graph, value) is >= 0 and var id)
        {
            writer.Write(id);
        }
        else
        {
            writer.Write(false);
        }
    }

    public override CancellationToken Read(ref MessagePackReader reader, GraphReader graph) =>
        reader.NextMessagePackType == MessagePackType.Boolean
        ? new CancellationToken(reader.ReadBoolean())
        : graph.Live.ImportToken(reader.ReadInt32());

    private static int Export(GraphWriter graph, CancellationToken token)
    {
        var id = graph.Live.ExportToken(token);
        if (id < 0)
        {
            graph.LeaveOut(typeof(CancellationToken), "a token that can still be cancelled does not cross in a result. Return whether " +
                "it was cancelled.");
        }

        return id;
    }
}
