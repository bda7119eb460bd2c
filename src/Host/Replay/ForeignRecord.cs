using System.Diagnostics;
using MultiProc.Host.Functions;

namespace MultiProc.Host.Replay;

/// <summary>
/// A record that somebody else may have written names a program, and whatever that does. Nothing of it is run unless the user has named the application, or says yes
/// at a terminal.
/// </summary>
internal static class ForeignRecord
{
    /// <summary>What is to be run for a record: without a question if it is this user's own.</summary>
    /// <param name="call">The record, loaded as trusted.</param>
    /// <param name="application">The application that the user has named; null: none.</param>
    /// <param name="inApplication">What to run in the named application.</param>
    /// <param name="asRecorded">What to run as the record has it.</param>
    /// <param name="purpose">What it is for, such as <c>make its call again</c>.</param>
    /// <exception cref="InvalidCallException">The user has not agreed, or the application is not there.</exception>
    public static ProcessStartInfo Choose(
        RecordedCall call, string? application, Func<string, ProcessStartInfo> inApplication, Func<ProcessStartInfo> asRecorded, string purpose)
    {
        if (application is not null)
        {
            try
            {
                return inApplication(application);
            }
            catch (FileNotFoundException exception)
            {
                throw new InvalidCallException($"{exception.Message} Give the path of the application's .dll.", exception);
            }
        }

        var start = asRecorded();
        if (!call.IsForeign)
        {
            return start;
        }

        var command = string.Join(' ', start.ArgumentList.Prepend(start.FileName).Select(Quoted));
        var what = $"{call.Path} is not a record of yours: {call.ForeignReason}. To {purpose}, this would be run: {command}";
        return Agrees(what)
            ? start
            : throw new InvalidCallException(
                $"{what} - Nothing was run. If you trust the record, give the application as you have it, --app DLL, or answer yes at a terminal.");
    }

    private static bool Agrees(string what)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            return false;
        }

        Console.Error.WriteLine(OneLine.Of(what));
        Console.Error.Write("Run it? [y/N] ");
        return Console.In.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_' or '=' or ':' or '+' or ',')
            ? argument
            : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
