using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>
/// Captured variables. C# keeps the variables of a whole scope in one object; a lambda brings only those that it uses, and a second
/// lambda of the same scope supplements what the first one left.
/// </summary>
internal static class Closure
{
    /// <summary>Writes what of <paramref name="closure"/> is used and has not crossed.</summary>
    public static void Write(ref MessagePackWriter writer, object closure, CapturedVariables used, GraphWriter graph)
    {
        if (graph.TryAdd(closure, out var id))
        {
            writer.Write(true);
        }
        else
        {
            writer.Write(id);
        }

        var type = ClosureType.Of(closure.GetType());
        graph.WriteLayout(ref writer, type.Layout);
        graph.Path.Push(type, closure);
        var written = graph.WrittenOf(closure, type.Fields.Count);
        for (var i = 0; i < type.Fields.Count; i++)
        {
            var field = type.Fields[i];
            if (!used.Contains(field.Field))
            {
                continue;
            }

            graph.Path.Step = i;
            if (field.IsOuterClosure)
            {
                // Written again each time: the scope outside may have to be supplemented, too.
                if (field.Field.GetValue(closure) is { } outer)
                {
                    writer.Write(i);
                    Write(ref writer, outer, used, graph);
                }
            }
            else if (!written[i])
            {
                written[i] = true;
                writer.Write(i);
                field.Write(ref writer, closure, graph);
            }
        }

        writer.WriteNil();
        graph.Path.Pop();
    }

    /// <summary>Reads a closure of type <paramref name="type"/>, or supplements one.</summary>
    public static object Read(ref MessagePackReader reader, Type type, GraphReader graph)
    {
        var layout = ClosureType.Of(type);
        if (reader.NextMessagePackType == MessagePackType.Integer)
        {
            var known = graph.Resolve(reader.ReadInt32());
            if (known.GetType() != type)
            {
                throw new BoundaryFormatException("A lambda is bound to the captured variables of another scope.");
            }

            ReadVariables(ref reader, known, layout, graph);
            return known;
        }

        reader.ReadBoolean();
        var id = graph.Begin();
        var closure = RuntimeHelpers.GetUninitializedObject(type);
        graph.Register(id, closure);
        ReadVariables(ref reader, closure, layout, graph);
        return graph.End(id, closure);
    }

    private static void ReadVariables(ref MessagePackReader reader, object closure, ClosureType type, GraphReader graph)
    {
        graph.CheckLayout(ref reader, type.Layout);
        while (!reader.TryReadNil())
        {
            var index = reader.ReadInt32();
            if ((uint)index >= (uint)type.Fields.Count)
            {
                throw new BoundaryFormatException($"A captured variable is number {index} of {type.Fields.Count}.");
            }

            var field = type.Fields[index];
            if (field.IsOuterClosure)
            {
                field.Field.SetValue(closure, Read(ref reader, field.Field.FieldType, graph));
            }
            else
            {
                field.Read(ref reader, closure, graph);
            }
        }
    }
}
