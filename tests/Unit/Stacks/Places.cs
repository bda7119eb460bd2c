using System.Runtime.CompilerServices;

namespace MultiProc.Unit.Stacks;

/// <summary>Methods to be described, each with the line that it is on.</summary>
internal static class Places
{
    public static int PlainLine { get; private set; }

    public static void Plain(string text, int[] numbers, ref long total, List<string?>? names, Dictionary<int, string>.KeyCollection keys)
    {
        PlainLine = LineHere();
        total += text.Length + numbers.Length + (names?.Count ?? 0) + keys.Count;
    }

    public static unsafe T Generic<T, TOther>(T first, TOther[,] others, byte* bytes)
        where T : struct => others.Length > 0 || bytes is null ? first : default;

    public static async Task<int> Later(int count)
    {
        await Task.Yield();
        return count;
    }

    public static async Task<string> Later(string text)
    {
        await Task.Yield();
        return text;
    }

    public static IEnumerable<int> Some(int count)
    {
        yield return count;
    }

    public static Func<int, int> Lambda(int by) => x => x + by;

    public static int LineHere([CallerLineNumber] int line = 0) => line;

    internal sealed class Nest<TItem>
    {
        internal static void Put(TItem item, Nest<TItem>? next) => _ = (item, next);
    }
}
