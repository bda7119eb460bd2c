namespace MultiProc.Scheduling;

/// <summary>What a runner left behind about what it was doing when it was lost.</summary>
/// <param name="IsReadable">Whether that is whole. If not, nothing is known.</param>
/// <param name="Running">The item that it says it was in; null: none.</param>
internal readonly record struct LastStatus(bool IsReadable, RunningItem? Running)
{
    /// <summary>It was in nothing.</summary>
    public static LastStatus Idle { get; } = new(IsReadable: true, Running: null);

    /// <summary>It says nothing that can be read.</summary>
    public static LastStatus Unreadable { get; } = new(IsReadable: false, Running: null);
}
