using System.CommandLine;
using MultiProc.Host.Functions;
using MultiProc.Host.Run;
using MultiProc.Host.Run.Inputs;

namespace MultiProc.Host.Cli;

/// <summary>Where many calls get their arguments, and where their results go: the same for every verb that makes many calls.</summary>
internal static class InputOptions
{
    public static Option<string> Input() => new("--input", "-i")
    {
        Description = "Call once for each line of FILE (- is standard input): one JSON value, or a JSON array of arguments.",
        HelpName = "FILE|-",
    };

    public static Option<RangeInput> Range() => new("--range", "-r")
    {
        Description = "Call once for each whole number from A up to, without, B.",
        HelpName = "A..B",
        CustomParser = static result =>
        {
            var text = result.Tokens[0].Value;
            var range = RangeInput.Parse(text);
            if (range is null)
            {
                result.AddError($"--range takes A..B, two whole numbers of which the first is not the larger, such as 0..10; not '{text}'.");
            }

            return range;
        },
    };

    public static Option<string> Output() => new("--output", "-o")
    {
        Description = "Write the results to FILE (- is standard output, the default).",
        HelpName = "FILE|-",
    };

    /// <summary>The input that was asked for; null: none was.</summary>
    /// <exception cref="InvalidCallException">It cannot be read, or the output would overwrite it.</exception>
    public static IInput? Open(string? path, RangeInput? range, string? output, ResultFormat? format = null)
    {
        if (path is not (null or "-") && output is not (null or "-") && Path.GetFullPath(path) == Path.GetFullPath(output))
        {
            throw new InvalidCallException($"--input and --output are the same file, {path}, which would be lost. Write the results to another one.");
        }

        return path is null ? range
            : format is { IsRaw: true } ? TextInput.Open(path, format.IsNullTerminated)
            : LineInput.Open(path);
    }
}
