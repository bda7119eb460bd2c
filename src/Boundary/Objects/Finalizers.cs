using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>Classes with a finalizer own something outside the memory that the collector looks after.</summary>
internal static class Finalizers
{
    /// <summary>The class that declares the finalizer of <paramref name="type"/>, itself or a base class; null: it has none.</summary>
    public static Type? Of(Type type)
    {
        for (var level = type; level is { IsClass: true } && level != typeof(object); level = level.BaseType)
        {
            if (level.GetMethod("Finalize", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly, Type.EmptyTypes) is { IsVirtual: true } method
                && method.GetBaseDefinition().DeclaringType == typeof(object))
            {
                return level;
            }
        }

        return null;
    }

    /// <summary>Why objects of <paramref name="type"/>, which has the finalizer that <paramref name="owner"/> declares, do not cross.</summary>
    public static string Reason(Type type, Type owner) =>
        $"it has a finalizer{(owner == type ? "" : $" (of {TypeNames.Display(owner)})")}, so it owns something that a copy would free a second time. "
            + "Create it in the worker and pass what it is made of (a path, the bytes); or give it a rule with ProcessPoolOptions.WithSurrogate, a MessagePack contract, or ISerializable.";
}
