namespace MultiProc.Scheduling;

/// <summary>The last status of a lost runner.</summary>
/// <param name="IsReadable">Whether the status is complete. If not, it says nothing.</param>
/// <param name="Running">The item that it names; null: none.</param>
internal readonly record struct LastStatus(bool IsReadable, RunningItem? Running)
{
    /// <summary>The runner was idle.</summary>
    public static LastStatus Idle { get; } = new(IsReadable: true, Running: null);

    /// <summary>The status cannot be read.</summary>
    public static LastStatus Unreadable { get; } = new(IsReadable: false, Running: null);
}
