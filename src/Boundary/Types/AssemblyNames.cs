using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>
/// Simple names of assemblies, read from the text of the full name: <see cref="Assembly.GetName()"/> makes the assembly's culture as well, for which the runtime
/// loads ICU. That would be a tenth of a worker's start.
/// </summary>
internal static class AssemblyNames
{
    /// <summary>The simple name of <paramref name="assembly"/>; empty when it has none.</summary>
    public static string SimpleName(this Assembly assembly)
    {
        var name = PlainNameIn(assembly.FullName);
        return name.IsEmpty ? assembly.GetName().Name ?? "" : name.ToString();
    }

    /// <summary>Whether <paramref name="simpleName"/> is the name of <paramref name="assembly"/>, in whatever case, as everywhere in .NET.</summary>
    public static bool IsNamed(this Assembly assembly, string simpleName)
    {
        var name = PlainNameIn(assembly.FullName);
        return (name.IsEmpty ? assembly.GetName().Name : name).Equals(simpleName, StringComparison.OrdinalIgnoreCase);
    }

    // Empty for a name with characters that the full name escapes or puts in quotation marks: few have one.
    private static ReadOnlySpan<char> PlainNameIn(ReadOnlySpan<char> fullName)
    {
        var end = fullName.IndexOfAny(",\\\"'");
        return end > 0 && fullName[end] == ',' ? fullName[..end] : default;
    }
}
