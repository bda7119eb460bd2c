using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Loggers cross live: what the receiver's stand-in is told reaches the sender's.</summary>
internal sealed class LoggerSerializer(Type type) : Serializer(WireTypeOf(type))
{
    private const string Contract = "Microsoft.Extensions.Logging.ILogger";
    private const string ContractOf = Contract + "`1";

    public override bool CanBeReferredToWhileRead => false;

    /// <summary>Whether objects of <paramref name="type"/> are loggers. By name: who never meets one does not load their assembly.</summary>
    public static bool AreLoggers(Type type) => TypeNames.Definition(type) is Contract or ContractOf || type.GetInterface(Contract) is not null;

    public override void RequireAssignable(Type slot, GraphWriter graph)
    {
        if (!slot.IsAssignableFrom(WireType))
        {
            throw graph.Refusal(type, $"a logger crosses live, as a stand-in that is {TypeNames.Display(WireType)} but not {TypeNames.Display(slot)}. " +
                "Declare the variable, parameter or member as ILogger or ILogger<T>.");
        }
    }

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        var id = graph.Live.ExportLogger(value);
        if (id < 0)
        {
            throw graph.Refusal(type, "a logger crosses from the caller to the worker only, not in a result. Pass it as an argument; in a worker, WorkerContext.Current.Logger writes to the host's log, too.");
        }

        writer.Write(id);
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id) => graph.Live.ImportLogger(reader.ReadInt32(), WireType);

    private static Type WireTypeOf(Type type)
    {
        if (type.IsInterface)
        {
            return type;
        }

        var typed = type.GetInterfaces().Where(static contract => TypeNames.Definition(contract) == ContractOf).ToArray();
        return typed.Length == 1 ? typed[0] : type.GetInterface(Contract)!;
    }
}
