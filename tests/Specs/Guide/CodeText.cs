using System.Text.RegularExpressions;

namespace MultiProc.Specs.Guide;

/// <summary>Code as it is compared: runs of white space count as one space.</summary>
internal static partial class CodeText
{
    public static string Normalize(string code) => WhiteSpace().Replace(code, " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
