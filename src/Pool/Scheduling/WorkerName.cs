namespace MultiProc.Scheduling;

/// <summary>The names of workers, by their slots, wherever users read them.</summary>
internal static class WorkerName
{
    /// <summary>The slot of a worker that waits to fill one.</summary>
    public const int Standby = -1;

    public static string Of(int slot) => slot == Standby ? "standby" : "w" + slot;
}
