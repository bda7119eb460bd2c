using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Delegates: a reference to code, and by value what it is bound to.</summary>
internal sealed class DelegateSerializer(Type type) : Serializer(type), IPathNote
{
    private static readonly Formatter<object> Targets = FormatterCache<object>.Instance;

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        var function = (Delegate)value;
        if (function.HasSingleTarget)
        {
            writer.Write(1);
            WriteSingle(ref writer, function, graph);
            return;
        }

        var invocations = function.GetInvocationList();
        writer.Write(invocations.Length);
        foreach (var invocation in invocations)
        {
            WriteSingle(ref writer, invocation, graph);
        }
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        graph.Step = 0;
        var count = Blocks.ReadCount(ref reader);
        if (count == 1)
        {
            return ReadSingle(ref reader, graph, id);
        }

        var invocations = new Delegate[count];
        for (var i = 0; i < count; i++)
        {
            invocations[i] = ReadSingle(ref reader, graph, -1);
        }

        return Delegate.Combine(invocations) ?? throw new BoundaryFormatException("A delegate has no target.");
    }

    public override string? Objection(object value, GraphWriter graph)
    {
        foreach (var invocation in ((Delegate)value).GetInvocationList())
        {
            if (!graph.Live.HasReceived(invocation.Method) && !graph.Receiver!.MayCall(invocation.Method, default))
            {
                return Trust.ReasonAgainst(invocation.Method);
            }
        }

        return null;
    }

    public override string Segment(object? instance, int step) => step < 0 && !WrapperAttribute.IsOn((instance as Delegate)?.Target?.GetType()) ? ".this" : "";

    public string Note(object? instance, bool reachesThis)
    {
        var method = ((Delegate)instance!).Method;
        var where = FunctionNames.Describe(method);
        if (reachesThis && !method.Name.StartsWith('<') && method is { IsStatic: false, IsVirtual: false } && method.GetMethodBody()?.GetILAsByteArray() is { } code && !CodeTokens.UseThis(code))
        {
            return $"It comes along with {where}, which is an instance method and does not use `this`: make it static.";
        }

        return reachesThis
            ? $"It is captured by {where}, which uses `this`: copy the members it needs to local variables, and use those."
            : $"It is captured by {where}.";
    }

    private static void WriteSingle(ref MessagePackWriter writer, Delegate function, GraphWriter graph)
    {
        var reference = FunctionReference.For(function);
        if (reference.Encoded.Length == 0)
        {
            throw graph.Refusal(function.GetType(), "its code was generated at run time, or only this process has its assembly. " +
                "Pass a method or lambda that is compiled into an assembly.");
        }

        graph.WriteFunction(ref writer, reference);
        switch (reference.Kind)
        {
            case TargetKind.Closure:
                graph.Path.Step = 0;
                Closure.Write(ref writer, function.Target!, reference.Captures, graph);
                break;
            case TargetKind.Object:
                graph.Path.Step = -1;
                Targets.Write(ref writer, function.Target, graph);
                break;
        }
    }

    private Delegate ReadSingle(ref MessagePackReader reader, GraphReader graph, int id)
    {
        var binding = graph.ReadFunction(ref reader);
        if (binding.Kind is TargetKind.None or TargetKind.Stateless)
        {
            return binding.Bind(WireType);
        }

        // The target may refer back to this delegate, as a recursive local lambda does: it is then made for the unfinished target.
        var targetId = graph.NextId;
        graph.RegisterLate(id, () =>
            binding.Bind(WireType, graph.HandedOut(targetId) ?? throw new BoundaryFormatException("A delegate refers to itself.")));
        var target = binding.Kind == TargetKind.Closure
            ? Closure.Read(ref reader, binding.Method.DeclaringType!, graph)
            : Targets.Read(ref reader, graph);
        return (Delegate?)graph.HandedOut(id) ?? binding.Bind(WireType, target);
    }
}
