using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>Stand-ins for objects that something in their own content refers to before they exist.</summary>
internal static class Placeholders
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Gives the state of <paramref name="value"/> to the stand-in that was handed out, if there is one.</summary>
    public static object Settle(object? placeholder, object value)
    {
        if (placeholder is null || ReferenceEquals(placeholder, value))
        {
            return value;
        }

        if (placeholder.GetType() != value.GetType())
        {
            throw new BoundaryFormatException($"A {TypeNames.Display(value.GetType())} refers to itself before it can exist.");
        }

        for (var type = value.GetType(); type is not null; type = type.BaseType)
        {
            foreach (var field in type.GetFields(OwnFields))
            {
                field.SetValue(placeholder, field.GetValue(value));
            }
        }

        return placeholder;
    }
}
