using System.Collections.Concurrent;

namespace MultiProc.Host.Functions;

/// <summary>
/// What <c>multiproc run</c> has its workers do: ordinary functions to the library, so that the user's assembly is loaded in the workers only. What a name stands
/// for is found out once per worker.
/// </summary>
internal static class TextCalls
{
    private static readonly ConcurrentDictionary<(string AssemblyPath, string Function), Lazy<TextFunction>> Found = new();

    /// <summary>Only looks whether the function is there.</summary>
    /// <exception cref="InvalidCallException">It is not.</exception>
    public static void Check(string assemblyPath, string function) => _ = Find(assemblyPath, function);

    /// <summary>All functions of an assembly that can be called with text.</summary>
    /// <exception cref="InvalidCallException">It cannot be loaded.</exception>
    public static string[] Names(string assemblyPath) => FunctionFinder.CallableNames(assemblyPath);

    /// <summary>Calls it with a line of an input.</summary>
    /// <exception cref="InvalidCallException">The call cannot be made as it is written.</exception>
    public static Task<string> InvokeLineAsync(string assemblyPath, string function, string line, bool isRaw) =>
        Find(assemblyPath, function).InvokeLineAsync(line, isRaw, CallToken);

    /// <summary>Says which call a line of an input would make, and makes none.</summary>
    /// <exception cref="InvalidCallException">The call cannot be made as it is written.</exception>
    public static string DescribeLine(string assemblyPath, string function, string line, bool isRaw) => Find(assemblyPath, function).DescribeLine(line, isRaw);

    /// <summary>Says which call the words of a command line would make, and makes none.</summary>
    /// <exception cref="InvalidCallException">The call cannot be made as it is written.</exception>
    public static string DescribeWords(string assemblyPath, string function, string[] words) => Find(assemblyPath, function).DescribeWords(words);

    /// <summary>Calls it with the words of a command line.</summary>
    /// <exception cref="InvalidCallException">The call cannot be made as it is written.</exception>
    public static Task<string> InvokeWordsAsync(string assemblyPath, string function, string[] words) =>
        Find(assemblyPath, function).InvokeWordsAsync(words, CallToken);

    private static CancellationToken CallToken => WorkerContext.Current?.CancellationToken ?? CancellationToken.None;

    private static TextFunction Find(string assemblyPath, string function) =>
        Found.GetOrAdd((assemblyPath, function), static key => new Lazy<TextFunction>(() => FunctionFinder.Find(key.AssemblyPath, key.Function))).Value;
}
