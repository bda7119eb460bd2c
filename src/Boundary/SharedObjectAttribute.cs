namespace MultiProc.Boundary;

/// <summary>Says that objects of a class are in shared memory, and how they cross.</summary>
/// <param name="copier">A <see cref="SharedObjectCopier{T}"/> of the class; generic as the class is.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class SharedObjectAttribute(Type copier) : Attribute
{
    public Type Copier => copier;
}
