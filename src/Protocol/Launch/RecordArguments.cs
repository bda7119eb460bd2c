namespace MultiProc.Protocol.Launch;

/// <summary>
/// The worker program's third mode: <c>--replay=FILE</c> makes a recorded call again, in this process and without a pool, and <c>--show=FILE</c> prints its
/// arguments. <c>--wait</c> behind it waits for a debugger first.
/// </summary>
/// <param name="File">The record.</param>
/// <param name="Shows">Whether it is only to be shown.</param>
/// <param name="Waits">Whether to wait for a debugger.</param>
internal sealed record RecordArguments(string File, bool Shows, bool Waits)
{
    private const string ReplayOption = "--replay=";
    private const string ShowOption = "--show=";
    private const string WaitOption = "--wait";

    /// <summary>Null when the arguments ask for something else.</summary>
    public static RecordArguments? Parse(string[] arguments) => arguments switch
    {
        [var replay] when replay.StartsWith(ReplayOption, StringComparison.Ordinal) => new(replay[ReplayOption.Length..], Shows: false, Waits: false),
        [var replay, WaitOption] when replay.StartsWith(ReplayOption, StringComparison.Ordinal) => new(replay[ReplayOption.Length..], Shows: false, Waits: true),
        [var show] when show.StartsWith(ShowOption, StringComparison.Ordinal) => new(show[ShowOption.Length..], Shows: true, Waits: false),
        _ => null,
    };

    public string[] ToArray() => [(Shows ? ShowOption : ReplayOption) + File, .. Waits ? [WaitOption] : Array.Empty<string>()];
}
