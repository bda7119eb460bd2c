using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Progress crosses live: the receiver gets a stand-in that forwards to the sender's.</summary>
internal sealed class ProgressSerializer<T>(Type type) : Serializer(IsProgress(type) ? typeof(Progress<T>) : typeof(IProgress<T>))
{
    public override bool CanBeReferredToWhileRead => false;

    public override void RequireAssignable(Type slot, GraphWriter graph)
    {
        if (!slot.IsAssignableFrom(WireType))
        {
            var contract = $"IProgress<{typeof(T).Name}>";
            throw graph.Refusal(type, $"progress crosses live, as a stand-in that is an {contract} but not a {TypeNames.Display(slot)}. " +
                $"Declare the variable, parameter or member as {contract}.");
        }
    }

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        var id = graph.Live.ExportProgress(value, typeof(T));
        if (id < 0)
        {
            throw graph.Refusal(type, "progress crosses from the caller to the worker only, not in a result. Pass it as an argument.");
        }

        writer.Write(id);
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        var progress = graph.Live.ImportProgress(reader.ReadInt32(), typeof(T));
        return WireType == typeof(Progress<T>) ? new Forwarding((IProgress<T>)progress) : progress;
    }

    private static bool IsProgress(Type type) => type == typeof(Progress<T>);

    /// <summary>For slots declared as the class: reports go to the stand-in at once, on the reporting thread.</summary>
    private sealed class Forwarding(IProgress<T> progress) : Progress<T>
    {
        protected override void OnReport(T value) => progress.Report(value);
    }
}
