using System.Collections;
using System.Dynamic;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace MultiProc.Boundary;

/// <summary>The framework classes of which the boundary knows how to make a faithful copy.</summary>
/// <remarks>They are found by name, so that a process that never meets one does not load the assembly it lives in.</remarks>
internal static class BuiltInCopies
{
    /// <summary>Classes that can also be base classes: their content is read into an existing object.</summary>
    private static readonly Dictionary<string, Func<Type>> InPlace = new()
    {
        ["System.Collections.Generic.List`1"] = () => typeof(ListContent<>),
        ["System.Collections.Generic.Dictionary`2"] = () => typeof(DictionaryContent<,>),
        ["System.Collections.Generic.HashSet`1"] = () => typeof(HashSetContent<>),
        ["System.Collections.Generic.SortedDictionary`2"] = () => typeof(SortedDictionaryContent<,>),
        ["System.Collections.Generic.SortedList`2"] = () => typeof(SortedListContent<,>),
        ["System.Collections.Generic.SortedSet`1"] = () => typeof(SortedSetContent<>),
        ["System.Collections.Generic.OrderedDictionary`2"] = () => typeof(OrderedDictionaryContent<,>),
        ["System.Collections.Generic.PriorityQueue`2"] = () => typeof(PriorityQueueContent<,>),
        ["System.Collections.Generic.LinkedList`1"] = () => typeof(LinkedListContent<>),
        ["System.Collections.Concurrent.ConcurrentDictionary`2"] = () => typeof(ConcurrentDictionaryContent<,>),
        ["System.Collections.Concurrent.ConcurrentQueue`1"] = () => typeof(ConcurrentQueueContent<>),
        ["System.Collections.Concurrent.ConcurrentStack`1"] = () => typeof(ConcurrentStackContent<>),
        ["System.Collections.Concurrent.ConcurrentBag`1"] = () => typeof(ConcurrentBagContent<>),
        ["System.Collections.Hashtable"] = () => typeof(HashtableContent),
        ["System.Exception"] = () => typeof(ExceptionContent),
        ["System.AggregateException"] = () => typeof(AggregateContent),
    };

    /// <summary>Classes that are made again from something simpler. Their implementations are often hidden subclasses.</summary>
    private static readonly Dictionary<string, Func<Type>> Generic = new()
    {
        ["System.Collections.Generic.LinkedListNode`1"] = () => typeof(LinkedListNodeSerializer<>),
        ["System.Collections.Immutable.ImmutableList`1"] = () => typeof(ImmutableListCopy<>),
        ["System.Collections.Immutable.ImmutableQueue`1"] = () => typeof(ImmutableQueueCopy<>),
        ["System.Collections.Immutable.ImmutableStack`1"] = () => typeof(ImmutableStackCopy<>),
        ["System.Collections.Immutable.ImmutableHashSet`1"] = () => typeof(ImmutableHashSetCopy<>),
        ["System.Collections.Immutable.ImmutableSortedSet`1"] = () => typeof(ImmutableSortedSetCopy<>),
        ["System.Collections.Immutable.ImmutableDictionary`2"] = () => typeof(ImmutableDictionaryCopy<,>),
        ["System.Collections.Immutable.ImmutableSortedDictionary`2"] = () => typeof(ImmutableSortedDictionaryCopy<,>),
        ["System.Collections.Immutable.ImmutableArray`1+Builder"] = () => typeof(ImmutableArrayBuilderCopy<>),
        ["System.Collections.Immutable.ImmutableList`1+Builder"] = () => typeof(ImmutableListBuilderCopy<>),
        ["System.Collections.Immutable.ImmutableHashSet`1+Builder"] = () => typeof(ImmutableHashSetBuilderCopy<>),
        ["System.Collections.Immutable.ImmutableSortedSet`1+Builder"] = () => typeof(ImmutableSortedSetBuilderCopy<>),
        ["System.Collections.Immutable.ImmutableDictionary`2+Builder"] = () => typeof(ImmutableDictionaryBuilderCopy<,>),
        ["System.Collections.Immutable.ImmutableSortedDictionary`2+Builder"] = () => typeof(ImmutableSortedDictionaryBuilderCopy<,>),
        ["System.Collections.Frozen.FrozenSet`1"] = () => typeof(FrozenSetCopy<>),
        ["System.Collections.Frozen.FrozenDictionary`2"] = () => typeof(FrozenDictionaryCopy<,>),
        ["System.Linq.Lookup`2"] = () => typeof(LookupCopy<,>),
        ["System.Collections.Generic.EqualityComparer`1"] = () => typeof(EqualityComparerCopy<>),
        ["System.Collections.Generic.Comparer`1"] = () => typeof(ComparerCopy<>),
        ["System.Lazy`1"] = () => typeof(LazyCopy<>),
    };

    private static readonly Dictionary<string, Func<Type, Serializer>> Exact = new()
    {
        ["System.Uri"] = _ => NetworkCopies.Uris(),
        ["System.Net.IPAddress"] = _ => NetworkCopies.Addresses(),
        ["System.Net.IPEndPoint"] = _ => NetworkCopies.EndPoints(),
        ["System.Net.DnsEndPoint"] = _ => NetworkCopies.DnsEndPoints(),
        ["System.Net.NetworkInformation.PhysicalAddress"] = _ => NetworkCopies.PhysicalAddresses(),
        ["System.IO.MemoryStream"] = _ => StreamCopies.Memory(),
        ["System.IO.StringReader"] = _ => StreamCopies.Reader(),
        ["System.IO.StringWriter"] = _ => StreamCopies.Writer(),
        ["System.IO.FileInfo"] = _ => StreamCopies.Files(),
        ["System.IO.DirectoryInfo"] = _ => StreamCopies.Directories(),
        ["System.Net.Http.HttpMethod"] = _ => MailCopies.Methods(),
        ["System.Net.Mail.MailAddress"] = _ => MailCopies.Addresses(),
        ["System.Xml.XmlDocument"] = _ => XmlCopies.Documents(),
        ["System.Diagnostics.ProcessStartInfo"] = _ => ProcessCopies.Starts(),
        ["System.Text.CompositeFormat"] = _ => new Copied<CompositeFormat, string>(format => format.Format, text => CompositeFormat.Parse(text)),
        ["System.Security.Cryptography.X509Certificates.X509Certificate2"] = CertificateCopies.Certificates,
        ["System.Security.Cryptography.X509Certificates.X509Certificate"] = CertificateCopies.Certificates,
        ["System.Text.Json.JsonSerializerOptions"] = _ => JsonOptionsCopies.Options(),
        ["System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver"] = _ => JsonOptionsCopies.Resolvers(),
        ["System.Text.Json.JsonNamingPolicy"] = type => JsonOptionsCopies.Policies(type)!,
        ["System.Text.Encodings.Web.JavaScriptEncoder"] = type => JsonOptionsCopies.Policies(type)!,
        ["System.Text.Json.Serialization.ReferenceHandler"] = type => JsonOptionsCopies.Policies(type)!,
        ["System.Text.StringBuilder"] = _ => TextCopies.Builder(),
        ["System.Collections.BitArray"] = _ => new Copied<BitArray, bool[]>(bits => [.. bits.Cast<bool>()], bits => new BitArray(bits)),
        ["System.Globalization.CultureInfo"] = _ => CultureCopies.Culture(),
        ["System.Globalization.DateTimeFormatInfo"] = _ => CultureCopies.Dates(),
        ["System.Globalization.CompareInfo"] = _ => new Copied<CompareInfo, string>(info => info.Name, name => CompareInfo.GetCompareInfo(Cultures.Accept(name))),
        ["System.Globalization.RegionInfo"] = _ => new Copied<RegionInfo, string>(region => region.Name, name => new RegionInfo(Cultures.Accept(name))),
        ["System.Text.Json.JsonDocument"] = _ => JsonCopies.Documents(),
        ["System.TimeZoneInfo"] = type => new TimeZoneSerializer(type),
        ["System.TimeZoneInfo+AdjustmentRule"] = type => new TimeZoneSerializer(type),
        ["System.Xml.Linq.XObject"] = type => new XmlTreeSerializer(type),
        ["System.Dynamic.ExpandoObject"] = _ => new Copied<ExpandoObject, KeyValuePair<string, object?>[]>(bag => [.. bag], Bag),
        ["System.Reflection.AssemblyName"] = _ => new Copied<AssemblyName, string>(name => name.FullName, name => new AssemblyName(name)),
        ["System.Xml.Linq.XName"] = _ => new Copied<XName, string>(name => name.ToString(), XName.Get),
        ["System.Xml.Linq.XNamespace"] = _ => new Copied<XNamespace, string>(space => space.NamespaceName, XNamespace.Get),
        ["System.Text.RegularExpressions.Regex"] = type => new TextCopies.RegexSerializer(type),
        ["System.Text.Encoding"] = _ => TextCopies.Encodings(),
        ["System.StringComparer"] = _ => StringComparerCopy.Create(),
        ["System.Text.Json.Nodes.JsonNode"] = JsonCopies.Nodes,
        ["System.Globalization.Calendar"] = CultureCopies.Calendars,
    };

    private static readonly Dictionary<Type, object> Singletons = new object[]
    {
        DBNull.Value, Missing.Value, ReferenceEqualityComparer.Instance, TimeProvider.System, Random.Shared,
        StructuralComparisons.StructuralComparer, StructuralComparisons.StructuralEqualityComparer,
    }.ToDictionary(instance => instance.GetType());

    /// <summary>The serializer of <paramref name="type"/>; null when there is no known copy.</summary>
    public static Serializer? TryCreate(Type type)
    {
        // One that has a base class with content of its own, too, is the sum of both: a plan puts it together.
        if (type.BaseType == typeof(object) && CreateInPlace(type) is { } content)
        {
            return SerializerFactory.Make(typeof(InPlaceSerializer<>), type, content);
        }

        if (Singletons.TryGetValue(type, out var instance))
        {
            return new Singleton(instance);
        }

        // A generated regular expression is a class of the user's assembly; all others here are the framework's own.
        if (!Assemblies.IsFramework(type) && type.BaseType?.FullName != "System.Text.RegularExpressions.Regex")
        {
            return null;
        }

        return ReflectionCopies.TryCreate(type) ?? ByBase(type) ?? ByInterface(type);
    }

    /// <summary>Whether <paramref name="level"/> is a class whose content can be read into an existing object.</summary>
    public static bool HasInPlace(Type level) => InPlace.ContainsKey(TypeNames.Definition(level));

    /// <summary>The content of <paramref name="level"/>: an <see cref="InPlace{T}"/>, or null.</summary>
    public static object? CreateInPlace(Type level)
    {
        if (!InPlace.TryGetValue(TypeNames.Definition(level), out var find))
        {
            return null;
        }

        var content = find();
        return Activator.CreateInstance(content.IsGenericTypeDefinition ? content.MakeGenericType(level.GetGenericArguments()) : content);
    }

    private static ExpandoObject Bag(KeyValuePair<string, object?>[] members)
    {
        var bag = new ExpandoObject();
        foreach (var (name, value) in members)
        {
            ((IDictionary<string, object?>)bag)[name] = value;
        }

        return bag;
    }

    private static Serializer? ByBase(Type type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            var name = TypeNames.Definition(level);
            if (Exact.TryGetValue(name, out var create))
            {
                return create(type);
            }

            if (Generic.TryGetValue(name, out var copy))
            {
                return (Serializer)Activator.CreateInstance(copy().MakeGenericType(level.GetGenericArguments()))!;
            }
        }

        return null;
    }

    private static Serializer? ByInterface(Type type)
    {
        foreach (var contract in type.GetInterfaces().Prepend(type).Where(contract => contract.IsConstructedGenericType))
        {
            var definition = contract.GetGenericTypeDefinition();
            var copy = definition == typeof(IGrouping<,>) ? typeof(GroupingCopy<,>)
                : definition == typeof(ILookup<,>) ? typeof(EmptyLookupCopy<,>)
                : null;
            if (copy is not null)
            {
                return (Serializer)Activator.CreateInstance(copy.MakeGenericType(contract.GetGenericArguments()))!;
            }
        }

        return null;
    }
}
