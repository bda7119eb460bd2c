using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using MultiProc.Host.Spelling;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Cli;

/// <summary>What is wrong with a command line: one line that names the value and the way out.</summary>
internal static class UsageErrors
{
    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public static string? Of(ParseResult parsed)
    {
        if (parsed.Action is { ClearsParseErrors: true })
        {
            return null;
        }

        var path = PathOf(parsed.CommandResult);
        var trouble = MisspeltOption(parsed) is { } option
            ? $"there is no option '{option}'.{NearestNames.Question(option, OptionNames(parsed))} To pass it to the function, put -- before it."
            : parsed.UnmatchedTokens is [var token, ..]
            ? Unknown(token, parsed)
            : parsed.Errors is [var error, ..]
            ? error.Message
            : null;
        return trouble is null ? null : $"{path}: {trouble} See {path} --help.";
    }

    // The root's own name is that of its file.
    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : Verb.Program;

    private static string Unknown(string token, ParseResult parsed)
    {
        var verbs = parsed.CommandResult.Command.Subcommands.Select(static verb => verb.Name).ToArray();
        return token.StartsWith('-') ? $"there is no option '{token}'.{NearestNames.Question(token, OptionNames(parsed))}"
            : verbs.Length > 0 ? $"there is no verb '{token}'.{NearestNames.Question(token, verbs)}"
            : $"'{token}' is one argument too many.";
    }

    // A verb that passes arguments on takes whatever it does not know for one of them, also --proceses. Numbers may be negative.
    private static string? MisspeltOption(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(static argument => argument.Tokens)
            .Intersect(parsed.Tokens.TakeWhile(static token => token.Type != TokenType.DoubleDash), ReferenceEqualityComparer.Instance)
            .Cast<Token>()
            .Select(static token => token.Value)
            .FirstOrDefault(static text => text.Length > 1 && text[0] == '-' && !IsNumber(text));

    private static bool IsNumber(string text)
    {
        try
        {
            return JsonElement.Parse(text).ValueKind == JsonValueKind.Number;
        }
        catch (JsonException)
        {
            // Then it is no number.
            return false;
        }
    }

    private static IEnumerable<string> OptionNames(ParseResult parsed)
    {
        for (SymbolResult? level = parsed.CommandResult; level is CommandResult { Command: var command }; level = level.Parent)
        {
            foreach (var option in command.Options.Where(option => !option.Hidden && (option.Recursive || level == parsed.CommandResult)))
            {
                yield return option.Name;
            }
        }
    }
}
