using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace MultiProc.Boundary;

/// <summary>Continues deep recursion on a thread of its own while the caller waits.</summary>
internal static class FreshStack
{
    private const int Bytes = 64 << 20;
    private const int LevelsBetweenChecks = 8;

    /// <summary>
    /// Whether <paramref name="level"/> may run on this stack. The check's margin is far wider than the levels between two checks.
    /// </summary>
    public static bool IsEnough(int level) => level % LevelsBetweenChecks != 0 || RuntimeHelpers.TryEnsureSufficientExecutionStack();

    /// <summary>Runs <paramref name="action"/> to its end on a fresh stack; its exception comes out here.</summary>
    public static void Run(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    // Not swallowed: rethrown on the thread that waits below.
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            Bytes)
        { IsBackground = true, Name = "MultiProc deep graph" };
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
