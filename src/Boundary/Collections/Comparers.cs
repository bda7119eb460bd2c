using MessagePack;

namespace MultiProc.Boundary;

/// <summary>The comparer of a collection; none stands for the default one, which is the usual case.</summary>
internal static class Comparers
{
    public static void Write<T>(ref MessagePackWriter writer, IEqualityComparer<T>? comparer, GraphWriter graph) =>
        FormatterCache<IEqualityComparer<T>>.Instance.Write(ref writer, OrNull(comparer), graph);

    public static IEqualityComparer<T>? Read<T>(ref MessagePackReader reader, GraphReader graph) =>
        FormatterCache<IEqualityComparer<T>>.Instance.Read(ref reader, graph);

    public static void WriteOrder<T>(ref MessagePackWriter writer, IComparer<T>? comparer, GraphWriter graph) =>
        FormatterCache<IComparer<T>>.Instance.Write(ref writer, OrNull(comparer), graph);

    public static IComparer<T>? ReadOrder<T>(ref MessagePackReader reader, GraphReader graph) =>
        FormatterCache<IComparer<T>>.Instance.Read(ref reader, graph);

    public static IEqualityComparer<T>? OrNull<T>(IEqualityComparer<T>? comparer) =>
        ReferenceEquals(comparer, EqualityComparer<T>.Default) ? null : comparer;

    public static IComparer<T>? OrNull<T>(IComparer<T>? comparer) => ReferenceEquals(comparer, Comparer<T>.Default) ? null : comparer;

    /// <summary>Whether <paramref name="comparer"/> tells <paramref name="keys"/> apart without looking into them.</summary>
    public static bool GoByIdentity<T>(IEqualityComparer<T>? comparer, T[] keys) => comparer is ReferenceEqualityComparer
        || (comparer is null && keys.All(static key => key is null || HasIdentityOnly(key.GetType())));

    private static bool HasIdentityOnly(Type type) =>
        type.GetMethod(nameof(GetHashCode), Type.EmptyTypes)?.DeclaringType == typeof(object)
        && type.GetMethod(nameof(Equals), [typeof(object)])?.DeclaringType == typeof(object)
        && !type.IsAssignableTo(typeof(IEquatable<>).MakeGenericType(type));
}
