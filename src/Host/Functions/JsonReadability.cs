using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MultiProc.Host.Functions;

/// <summary>Says for which types there is JSON at all, so that an overload with a stream or a delegate is not chosen for a text.</summary>
internal static class JsonReadability
{
    // JSON shows their settings, and not what they are there for.
    private static readonly Type[] Unreadable =
    [
        typeof(Stream), typeof(TextReader), typeof(TextWriter), typeof(Delegate), typeof(MemberInfo), typeof(Task), typeof(IServiceProvider), typeof(nint), typeof(nuint),
    ];

    private static readonly ConditionalWeakTable<Type, object> Known = [];

    /// <summary>Whether some JSON other than <c>null</c> can become a value of the type.</summary>
    public static bool CanRead(Type type) => (bool)Known.GetValue(type, static type => Find(type));

    private static bool Find(Type type)
    {
        var underlying = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsByRef || type.IsByRefLike || type.IsPointer || type.IsFunctionPointer || Array.Exists(Unreadable, known => known.IsAssignableFrom(underlying)))
        {
            return false;
        }

        try
        {
            return JsonText.Reading.GetTypeInfo(type) is not { Kind: JsonTypeInfoKind.Object } info || CanCreate(type, info);
        }
        catch (Exception exception) when (exception is InvalidOperationException or NotSupportedException or ArgumentException)
        {
            // The serializer cannot describe the type, for example because one of its properties is a ref struct.
            return false;
        }
    }

    private static bool CanCreate(Type type, JsonTypeInfo info) =>
        type.IsValueType || info.CreateObject is not null || info.PolymorphismOptions is not null || (!type.IsAbstract && HasOneConstructor(type));

    private static bool HasOneConstructor(Type type) =>
        type.GetConstructors().Length == 1
        || type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Any(static constructor => constructor.IsDefined(typeof(JsonConstructorAttribute)));
}
