using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MultiProc.Boundary;

/// <summary>
/// Numbers that are addresses: fields that are declared as <see langword="nint"/> or <see langword="nuint"/>, or made of them, by a type that is not the framework's. Where
/// such a number stands for itself - as an argument, an element, a captured variable, or in place of a type parameter - it is a number.
/// </summary>
internal static class Addresses
{
    /// <summary>Why pointers do not cross.</summary>
    public const string PointerReason = "an address means nothing in another process. Pass what it points to, or a SharedArray.";

    private static readonly MethodInfo WriteAny = typeof(Addresses).GetMethod(nameof(Write), BindingFlags.Static | BindingFlags.Public)!;

    /// <summary>Types that only speak of addresses, and hold none.</summary>
    private static readonly HashSet<Type> Speaking =
        [typeof(IComparer<>), typeof(IEqualityComparer<>), typeof(Comparer<>), typeof(EqualityComparer<>), typeof(IProgress<>), typeof(Progress<>)];

    /// <summary>Whether <paramref name="field"/> is such a field.</summary>
    public static bool AreDeclaredBy(FieldInfo field)
    {
        var owner = field.DeclaringType!;
        if (Assemblies.IsFramework(owner) || owner.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
        {
            return false;
        }

        var declared = owner.IsConstructedGenericType ? field.Module.ResolveField(field.MetadataToken)!.FieldType : field.FieldType;
        return Mentions(declared);
    }

    /// <summary>Whether structs of type <paramref name="type"/> hold anything that means nothing in another process.</summary>
    public static bool AreIn(Type type) =>
        type.IsPointer || type.IsFunctionPointer
            || (type is { IsValueType: true, IsPrimitive: false, IsEnum: false } && (Refusals.Reason(type) is not null
                || type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                    .Any(static field => field.FieldType != field.DeclaringType && (AreDeclaredBy(field) || AreIn(field.FieldType) || IsHandle(field.FieldType)))));

    /// <summary>Why <paramref name="field"/> does not cross.</summary>
    public static string ReasonFor(FieldInfo field) => Reason(field.FieldType, field.DeclaringType!);

    /// <summary>The method that refuses, or leaves out, the value of a field of type <paramref name="type"/>: (value, graph, owner).</summary>
    public static MethodInfo WriteField(Type type) => WriteAny.MakeGenericMethod(type);

    /// <summary>Refuses a field's value, or leaves it out. Nothing in its place - null - holds no address.</summary>
    public static void Write<T>(T value, GraphWriter graph, Type owner)
    {
        if (value is not null && !(graph.LeavesOut && IsZero(ref value)))
        {
            graph.LeaveOut(typeof(T), Reason(typeof(T), owner));
        }
    }

    private static string Reason(Type type, Type owner)
    {
        var what = type.IsPointer || type.IsFunctionPointer ? PointerReason : "an address means nothing in another process, and a copy might free it a second time.";
        return $"{what} Declare it as long if the number is valid in every process, mark the field [NonSerialized], or give {TypeNames.Display(owner)} a rule with ProcessPoolOptions.WithSurrogate.";
    }

    private static bool Mentions(Type type)
    {
        if (type.HasElementType)
        {
            return type.IsPointer || Mentions(type.GetElementType()!);
        }

        if (type.IsFunctionPointer || type == typeof(nint) || type == typeof(nuint))
        {
            return true;
        }

        return type.IsGenericType
            && !typeof(Delegate).IsAssignableFrom(type)
            && !Speaking.Contains(type.GetGenericTypeDefinition())
            && !LibraryAssemblies.Contains(type.Assembly)
            && Array.Exists(type.GetGenericArguments(), Mentions);
    }

    // A framework struct without a known copy, such as GCHandle.
    private static bool IsHandle(Type type) =>
        type is { IsValueType: true, IsPrimitive: false, IsEnum: false } && Assemblies.IsFramework(type) && FormatterFactory.Refuses(type);

    /// <summary>Looks at the bytes, since equality is code of the type.</summary>
    private static bool IsZero<T>(ref T value) => !RuntimeHelpers.IsReferenceOrContainsReferences<T>()
        && !MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref value), Unsafe.SizeOf<T>()).ContainsAnyExcept((byte)0);
}
