using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Settings of JSON: every property, the converters, and policies by their names.</summary>
internal static class JsonOptionsCopies
{
    private static readonly PropertyInfo[] Properties =
        [.. typeof(JsonSerializerOptions).GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(static property => property is { CanRead: true, SetMethod.IsPublic: true } && property.Name != nameof(JsonSerializerOptions.TypeInfoResolver)
                && !property.IsDefined(typeof(ObsoleteAttribute)))
            .OrderBy(static property => property.Name, StringComparer.Ordinal)];

    /// <summary>The options; those that .NET shares are the shared ones there, too.</summary>
    public static Serializer Options() => new Copied<JsonSerializerOptions, (int, object?[], JsonConverter[], IJsonTypeInfoResolver[], bool)>(
        options => ReferenceEquals(options, JsonSerializerOptions.Default) ? (1, [], [], [], true)
            : ReferenceEquals(options, JsonSerializerOptions.Web) ? (2, [], [], [], true)
            : (0, [.. Properties.Select(property => property.GetValue(options))], [.. options.Converters], [.. options.TypeInfoResolverChain], options.IsReadOnly),
        surrogate =>
        {
            var (shared, values, converters, resolvers, isReadOnly) = surrogate;
            if (shared != 0)
            {
                return shared == 1 ? JsonSerializerOptions.Default : JsonSerializerOptions.Web;
            }

            var options = new JsonSerializerOptions();
            foreach (var (property, value) in Properties.Zip(values))
            {
                if (!Equals(property.GetValue(options), value))
                {
                    property.SetValue(options, value);
                }
            }

            foreach (var converter in converters)
            {
                options.Converters.Add(converter);
            }

            foreach (var resolver in resolvers)
            {
                options.TypeInfoResolverChain.Add(resolver);
            }

            if (isReadOnly)
            {
                options.MakeReadOnly(populateMissingResolver: resolvers.Length == 0);
            }

            return options;
        });

    /// <summary>The reflection resolver, with what its user changed.</summary>
    public static Serializer Resolvers() => new Copied<DefaultJsonTypeInfoResolver, Action<JsonTypeInfo>[]>(
        resolver => [.. resolver.Modifiers],
        modifiers =>
        {
            var resolver = new DefaultJsonTypeInfoResolver();
            Array.ForEach(modifiers, resolver.Modifiers.Add);
            return resolver;
        });

    /// <summary>What the framework offers as a static property of its public base class: a naming policy, an encoder, a handler of references.</summary>
    public static Serializer? Policies(Type type) =>
        typeof(JsonNamingPolicy).IsAssignableFrom(type) ? new Shared<JsonNamingPolicy>()
        : typeof(JavaScriptEncoder).IsAssignableFrom(type) ? new Shared<JavaScriptEncoder>()
        : typeof(ReferenceHandler).IsAssignableFrom(type) ? new Shared<ReferenceHandler>()
        : null;

    private sealed class Shared<T>() : Serializer(typeof(T))
        where T : class
    {
        private static readonly PropertyInfo[] Instances =
            [.. typeof(T).GetProperties(BindingFlags.Static | BindingFlags.Public).Where(static property => property.PropertyType == typeof(T))];

        public override bool HasIdentity => false;

        public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
        {
            var known = Instances.FirstOrDefault(property => ReferenceEquals(property.GetValue(null), value))
                ?? throw graph.Refusal(value.GetType(), $"only those that {TypeNames.Display(typeof(T))} itself offers have a counterpart in the other process.");
            writer.Write(known.Name);
        }

        public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
        {
            var name = reader.ReadString();
            return Instances.FirstOrDefault(property => property.Name == name)?.GetValue(null)
                ?? throw new BoundaryFormatException($"{TypeNames.Display(typeof(T))} does not offer that.");
        }
    }
}
