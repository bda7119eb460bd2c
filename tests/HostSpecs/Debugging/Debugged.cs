using System.Runtime.CompilerServices;

namespace MultiProc.HostSpecs.Debugging;

/// <summary>What is debugged: the lines that a debugger stops at are found by what they say.</summary>
internal static class Debugged
{
    public const string BreakLine = "_last = step + label.Length;";
    public const string NextLine = "return _last * 2;";
    public const string FileName = "Debugged.cs";

    // Not a local variable: the compiler would keep it on the stack from one statement to the next, and no debugger could stop between them.
    private static int _last;

    /// <summary>Until the mark is there, with no effect on the result; then ten more times.</summary>
    public static int Walk(string label, Mark enough)
    {
        Begun(label, enough).Set();
        var result = 0;
        while (!enough.IsSet)
        {
            _ = Step(-1, label);
            Thread.Sleep(1);
        }

        for (var step = 1; step <= 10; step++)
        {
            result += Step(step, label);
        }

        return result;
    }

    /// <summary>Set by <see cref="Walk"/> when it begins.</summary>
    public static Mark Begun(string label, Mark enough) => new($"{enough.Path}.{label}");

    public static int Once(string label) => Step(1, label);

    /// <summary>For callers in this folder.</summary>
    public static int LineOf(string text, string file = FileName, [CallerFilePath] string path = "") =>
        1 + Array.FindIndex(File.ReadAllLines(Path.Combine(Path.GetDirectoryName(path)!, file)), line => line.Trim() == text);

    // Not optimised, as in a debug build: arguments stay where they can be read.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static int Step(int step, string label)
    {
        _last = step + label.Length;
        return _last * 2;
    }
}
