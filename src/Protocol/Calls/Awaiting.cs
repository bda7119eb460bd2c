namespace MultiProc.Protocol.Calls;

/// <summary>
/// Blocking waits for the task that an async function returned. A worker runs one call at a time, so its main thread
/// has nothing else to do.
/// </summary>
internal static class Awaiting
{
    public static void Task(Task task, ResultEncoder result)
    {
        Started(task).GetAwaiter().GetResult();
        result.Write(default(ValueTuple));
    }

    public static void TaskOf<T>(Task<T> task, ResultEncoder result)
    {
        Started(task);
        result.Write(task.GetAwaiter().GetResult());
    }

    public static void ValueTask(ValueTask task, ResultEncoder result)
    {
        task.AsTask().GetAwaiter().GetResult();
        result.Write(default(ValueTuple));
    }

    public static void ValueTaskOf<T>(ValueTask<T> task, ResultEncoder result) => result.Write(task.AsTask().GetAwaiter().GetResult());

    private static Task Started(Task? task) =>
        task ?? throw new InvalidOperationException("The function returned null where a task was expected. Return Task.CompletedTask or Task.FromResult.");
}
