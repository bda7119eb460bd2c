using System.Reflection;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>
/// <c>IOptions&lt;T&gt;</c> and its kin: what the host's configuration and services have made of them crosses, as a value. They are known by their names, since the library does not
/// need their package.
/// </summary>
internal static class OptionsCopies
{
    private const string Package = "Microsoft.Extensions.Options";
    private const string Plain = Package + ".IOptions`1";
    private const string Snapshot = Package + ".IOptionsSnapshot`1";
    private const string Monitor = Package + ".IOptionsMonitor`1";

    /// <summary>The serializer of <paramref name="type"/>, one of the package's own or the interface that stands for it; null: it is none.</summary>
    /// <remarks>A class of somebody else that implements the interface, often for itself, is somebody's class like any other.</remarks>
    public static Serializer? TryCreate(Type type)
    {
        if (!type.Assembly.IsNamed(Package) || Contract(type) is not { } contract)
        {
            return null;
        }

        return (Serializer)Activator.CreateInstance(typeof(OptionsSerializer<>).MakeGenericType(contract.GetGenericArguments()), contract)!;
    }

    private static Type? Contract(Type type)
    {
        var contracts = type.GetInterfaces().Prepend(type).Where(static contract => contract is { IsInterface: true, IsConstructedGenericType: true }).ToArray();
        return Of(Snapshot) ?? Of(Monitor) ?? Of(Plain);

        Type? Of(string name) => Array.Find(contracts, contract => TypeNames.Definition(contract) == name);
    }

    private sealed class OptionsSerializer<T>(Type contract) : Serializer(contract)
        where T : class
    {
        private readonly PropertyInfo _value = (contract.GetInterfaces().Prepend(contract)
            .Select(static level => level.GetProperty("Value") ?? level.GetProperty("CurrentValue"))
            .First(static property => property is not null))!;

        public override bool CanBeReferredToWhileRead => false;

        public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
        {
            T? options;
            try
            {
                options = (T?)_value.GetMethod!.Invoke(value, BindingFlags.DoNotWrapExceptions, null, null, null);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                throw graph.Refusal(typeof(T), $"the options cannot be made: {exception.Message}");
            }

            FormatterCache<T>.Instance.Write(ref writer, options, graph);
        }

        public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
        {
            graph.IsComplete(ref reader, FormatterCache<T>.Instance, out var options);
            if (TypeNames.Definition(WireType) == Plain)
            {
                var wrapper = WireType.Assembly.GetType(Package + ".OptionsWrapper`1") ?? throw new BoundaryFormatException("This version of the options has no wrapper.");
                return Activator.CreateInstance(wrapper.MakeGenericType(typeof(T)), options)!;
            }

            var copy = DispatchProxy.Create(WireType, typeof(CopiedOptions));
            ((CopiedOptions)copy).Options = options;
            return copy;
        }
    }
}

/// <summary>Options that were copied: the value as it was, which never changes.</summary>
internal class CopiedOptions : DispatchProxy
{
    /// <summary>The value.</summary>
    public object? Options { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.Name switch
    {
        "get_Value" or "get_CurrentValue" => Options,
        "Get" when args is [null or ""] => Options,
        "Get" => throw new InvalidOperationException($"The options named '{args?[0]}' did not cross: only the ones without a name do. Pass their value."),

        // They never change.
        _ => null,
    };
}
