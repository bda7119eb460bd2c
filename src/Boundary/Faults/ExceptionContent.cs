using System.Collections;
using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>
/// What every exception has. The stack trace crosses as text and shows above that of the process the exception is thrown in next.
/// </summary>
internal sealed class ExceptionContent : InPlace<Exception>
{
    private const int InnerStep = 0;
    private const int DataStep = 1;

    // Each is looked for among all before it.
    private const int MaxData = 4096;

    private readonly Formatter<string> _text = FormatterCache<string>.Instance;
    private readonly Formatter<object> _object = FormatterCache<object>.Instance;

    public override void Write(ref MessagePackWriter writer, Exception value, GraphWriter graph)
    {
        _text.Write(ref writer, Message(value), graph);
        _text.Write(ref writer, HelpLink(value), graph);
        _text.Write(ref writer, Ask(value, static exception => exception.Source), graph);
        _text.Write(ref writer, Ask(value, static exception => exception.StackTrace), graph);
        writer.Write(HResult(value));
        graph.Path.Step = InnerStep;
        FormatterCache<Exception>.Instance.Write(ref writer, ReferenceEquals(value, graph.Detached) ? null : Inner(value), graph);
        graph.Path.Step = DataStep;
        WriteData(ref writer, Data(value), graph);
    }

    public override void Read(ref MessagePackReader reader, Exception instance, GraphReader graph)
    {
        Message(instance) = _text.Read(ref reader, graph);
        HelpLink(instance) = _text.Read(ref reader, graph);
        Source(instance) = _text.Read(ref reader, graph);
        RemoteStackTrace(instance) = _text.Read(ref reader, graph);
        HResult(instance) = reader.ReadInt32();
        graph.Step = InnerStep;
        Inner(instance) = FormatterCache<Exception>.Instance.Read(ref reader, graph);
        graph.Step = DataStep;
        ReadData(ref reader, instance, graph);
    }

    public override string Segment(object? instance, int step) => step == InnerStep ? ".InnerException" : ".Data";

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_remoteStackTraceString")]
    internal static extern ref string? RemoteStackTrace(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    internal static extern ref Exception? Inner(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? Message(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_helpURL")]
    private static extern ref string? HelpLink(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_source")]
    private static extern ref string? Source(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_HResult")]
    private static extern ref int HResult(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_data")]
    private static extern ref IDictionary? Data(Exception exception);

    /// <summary>The entries themselves: the property can be overridden, and throw.</summary>
    internal static IDictionary OwnData(Exception exception) => Data(exception) ??= new InvalidOperationException().Data;

    private static string? Ask(Exception exception, Func<Exception, string?> property)
    {
        try
        {
            return property(exception);
        }
        catch (Exception)
        {
            // The property is virtual and its override threw: the exception crosses without that text.
            return null;
        }
    }

    private void WriteData(ref MessagePackWriter writer, IDictionary? data, GraphWriter graph)
    {
        if (data?.Count > MaxData)
        {
            graph.LeaveOut(typeof(IDictionary), $"it has {data.Count:N0} entries, and {MaxData:N0} of an exception cross. Pass a Dictionary as a result.");
            data = null;
        }

        writer.Write(data?.Count ?? 0);
        foreach (var entry in data?.Cast<DictionaryEntry>() ?? [])
        {
            _object.Write(ref writer, entry.Key, graph);
            _object.Write(ref writer, entry.Value, graph);
        }
    }

    private void ReadData(ref MessagePackReader reader, Exception instance, GraphReader graph)
    {
        var count = Blocks.ReadCount(ref reader);
        if (count == 0)
        {
            return;
        }

        if (count > MaxData)
        {
            throw new BoundaryFormatException($"An exception claims {count:N0} entries of data.");
        }

        var entries = new List<(object? Key, object? Value)>();
        for (var i = 0; i < count; i++)
        {
            entries.Add((_object.Read(ref reader, graph), _object.Read(ref reader, graph)));
        }

        var data = OwnData(instance);
        graph.AtEnd(() =>
        {
            foreach (var (key, value) in entries)
            {
                if (key is not null)
                {
                    data[key] = value;
                }
            }
        });
    }
}
