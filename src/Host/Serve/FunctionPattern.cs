using System.Text.RegularExpressions;

namespace MultiProc.Host.Serve;

/// <summary>Names of functions as an operator writes them: <c>*</c> stands for any letters, also dots.</summary>
internal static class FunctionPattern
{
    public static bool Fits(string pattern, string name) =>
        Regex.IsMatch(name, "^" + Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.CultureInvariant);
}
