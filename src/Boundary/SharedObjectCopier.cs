using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>How objects of one type in shared memory cross: as a handle, by which the other side attaches to the same memory.</summary>
/// <typeparam name="T">A class that names its copier by <see cref="SharedObjectAttribute"/>.</typeparam>
internal abstract class SharedObjectCopier<T>
    where T : class
{
    private static readonly Lazy<SharedObjectCopier<T>> Known = new(Make);

    /// <summary>The copier that <typeparamref name="T"/> names.</summary>
    public static SharedObjectCopier<T> Instance => Known.Value;

    /// <summary>A printable name by which any process of this user can attach while the creator lives.</summary>
    public abstract string HandleOf(T shared);

    /// <summary>Attaches to the object that <paramref name="handle"/> names. Attaching one handle twice in a process gives one object.</summary>
    public abstract T Attach(string handle);

    /// <summary>The limits of the object's items; null: it holds none.</summary>
    public virtual IItemLimits? LimitsOf(T shared) => null;

    private static SharedObjectCopier<T> Make()
    {
        var copier = typeof(T).GetCustomAttribute<SharedObjectAttribute>(inherit: false)!.Copier;
        return (SharedObjectCopier<T>)Activator.CreateInstance(typeof(T).IsGenericType ? copier.MakeGenericType(typeof(T).GetGenericArguments()) : copier)!;
    }
}
