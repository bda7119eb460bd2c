using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>Names of fields as their author knows them.</summary>
internal static class MemberNames
{
    private const string LocalOfVisualBasic = "$VB$Local_";

    /// <summary>Fields of framework collections that hold the elements, which are the collection to its user.</summary>
    private static readonly HashSet<string> Elements =
        ["_array", "_items", "items", "_list", "list", "_set", "_dictionary", "m_dictionary", "_dict", "_q", "_s"];

    /// <summary>The field in a path: nothing when its author does not know that it is there.</summary>
    public static string Segment(FieldInfo field) => Of(field) is { Length: > 0 } name ? "." + name : "";

    /// <summary>
    /// The property of a backing field, the parameter behind a captured one, <c>this</c>, or the field's own name; empty for what only passes on to what it
    /// holds.
    /// </summary>
    private static string Of(FieldInfo field)
    {
        var name = field.Name;
        if (WrapperAttribute.IsOn(field.DeclaringType))
        {
            return "";
        }

        if (Assemblies.IsFramework(field.DeclaringType!))
        {
            return Elements.Contains(name) ? "" : name.StartsWith("m_Item", StringComparison.Ordinal) ? name[2..] : name;
        }

        if (name is ['<', .., '_', '_', 't', 'h', 'i', 's'] or "$VB$Me")
        {
            return "this";
        }

        if (name.StartsWith(LocalOfVisualBasic, StringComparison.Ordinal))
        {
            return name[LocalOfVisualBasic.Length..];
        }

        var end = name.IndexOf('>', StringComparison.Ordinal);
        return name.StartsWith('<') && end > 1 ? name[1..end] : name;
    }
}
