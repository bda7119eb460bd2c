namespace MultiProc.PackageTypes;

/// <summary>An object of a package's type, made alike in every process.</summary>
/// <param name="Package">The package.</param>
/// <param name="Name">What it is called in the documentation.</param>
/// <param name="Make">Makes it.</param>
internal sealed record Sample(string Package, string Name, Func<object> Make)
{
    /// <summary>Whether one that has arrived does what it is for; null: comparing says enough.</summary>
    public Func<object, bool>? Works { get; init; }

    /// <summary>A word of the way out if it is refused; null: it crosses.</summary>
    public string? WayOut { get; init; }
}

/// <summary>A sample with its own static type.</summary>
internal static class Samples
{
    public static Sample Of<T>(string package, Func<T> make, Func<T, bool>? works = null, string? name = null)
        where T : notnull =>
        new(package, name ?? NameOf(typeof(T)), () => make()) { Works = works is null ? null : value => works((T)value) };

    public static Sample Refused<T>(string package, Func<T> make, string wayOut, string? name = null)
        where T : notnull => new(package, name ?? NameOf(typeof(T)), () => make()) { WayOut = wayOut };

    private static string NameOf(Type type)
    {
        var name = type.IsNested ? $"{type.DeclaringType!.Name}.{type.Name}" : type.Name;
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}
