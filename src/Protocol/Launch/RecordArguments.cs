namespace MultiProc.Protocol.Launch;

/// <summary>
/// The arguments of the worker program's third mode. <c>--replay=FILE</c> repeats a recorded call, in this process and
/// without a pool; <c>--show=FILE</c> prints its arguments. <c>--digest=HEX</c> identifies the content that was
/// checked. <c>--foreign=APPLICATION</c> says that the record is another user's, and gives the simple name of the
/// application's own assembly (empty: the entry assembly). <c>--wait</c> waits for a debugger first.
/// </summary>
/// <param name="File">The record.</param>
/// <param name="Shows">Whether it is only shown.</param>
/// <param name="Waits">Whether to wait for a debugger.</param>
/// <param name="Digest">The digest of its content.</param>
/// <param name="ForeignTo">
/// For a foreign record the application's assembly; null: the record is this user's own.
/// </param>
internal sealed record RecordArguments(string File, bool Shows, bool Waits, string Digest, string? ForeignTo)
{
    private const string ReplayOption = "--replay=";
    private const string ShowOption = "--show=";
    private const string DigestOption = "--digest=";
    private const string ForeignOption = "--foreign=";
    private const string WaitOption = "--wait";

    /// <summary>Parses the arguments; null: they ask for something else.</summary>
    public static RecordArguments? Parse(string[] arguments)
    {
        if (arguments is not [var first, .. var others] || ValueOf(first, ShowOption) is null == ValueOf(first, ReplayOption) is null)
        {
            return null;
        }

        var shown = ValueOf(first, ShowOption);
        return new RecordArguments(
            shown ?? ValueOf(first, ReplayOption)!, shown is not null, Array.IndexOf(others, WaitOption) >= 0, FirstOf(others, DigestOption) ?? "",
            FirstOf(others, ForeignOption));
    }

    public string[] ToArray() =>
    [
        (Shows ? ShowOption : ReplayOption) + File,
        DigestOption + Digest,
        .. ForeignTo is null ? Array.Empty<string>() : [ForeignOption + ForeignTo],
        .. Waits ? [WaitOption] : Array.Empty<string>(),
    ];

    // Without LINQ, which every worker would have to load when it parses its arguments at start-up.
    private static string? FirstOf(string[] arguments, string option)
    {
        foreach (var argument in arguments)
        {
            if (ValueOf(argument, option) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    private static string? ValueOf(string argument, string option) => argument.StartsWith(option, StringComparison.Ordinal) ? argument[option.Length..] : null;
}
