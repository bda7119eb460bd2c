namespace MultiProc.Boundary;

/// <summary>Marks a class of this library that wraps functions of the user: paths to a captured value pass over it.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class WrapperAttribute : Attribute
{
    public static bool IsOn(Type? type) => type is not null && IsDefined(type, typeof(WrapperAttribute));
}
