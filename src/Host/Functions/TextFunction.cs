using System.Text.Json;

namespace MultiProc.Host.Functions;

/// <summary>A function that is called with text and answers with text: the overloads of one name, told apart by how many arguments there are.</summary>
internal sealed class TextFunction(string name, IReadOnlyList<Overload> overloads)
{
    /// <summary>Calls it with the words of a command line.</summary>
    public Task<string> InvokeWordsAsync(IEnumerable<string> words, CancellationToken cancellationToken) =>
        InvokeAsync([.. words.Select(ArgumentText.OfWord)], cancellationToken);

    /// <summary>
    /// Calls it with a line of JSON: one value, or an array of several arguments. An array is one value for a function that can be called with a single argument
    /// which is itself an array or a list.
    /// </summary>
    public Task<string> InvokeLineAsync(string line, CancellationToken cancellationToken)
    {
        JsonElement json;
        try
        {
            json = JsonElement.Parse(line);
        }
        catch (JsonException exception)
        {
            throw new InvalidCallException(
                $"{JsonText.Quoted(line)} is not JSON. Each line is one JSON value, or an array of arguments; a string stands in double quotes.", exception);
        }

        return json.ValueKind == JsonValueKind.Array && !overloads.Any(static overload => overload.TakesOneArray)
            ? InvokeAsync([.. json.EnumerateArray().Select(ArgumentText.OfJson)], cancellationToken)
            : InvokeAsync([ArgumentText.OfJson(json)], cancellationToken);
    }

    private Task<string> InvokeAsync(IReadOnlyList<ArgumentText> arguments, CancellationToken cancellationToken) =>
        Choose(arguments.Count).InvokeAsync(arguments, cancellationToken);

    private Overload Choose(int count)
    {
        // As in C#: an overload without optional parameters wins over one with, and that over one that takes any number.
        var candidates = overloads.Where(overload => overload.Takes(count))
            .GroupBy(overload => (overload.IsOpenEnded, Left: Math.Abs(overload.Declared - count)))
            .MinBy(static group => group.Key)?.ToArray();
        return candidates switch
        {
            null => throw new InvalidCallException($"{name} does not take {Counted(count)}: there is {Listed(overloads)}."),
            [var only] => only,
            _ => throw new InvalidCallException(
                $"{candidates.Length} overloads of {name} take {Counted(count)}: {Listed(candidates)}. Name one with its types, such as '{name}({candidates[0].Signature})'."),
        };
    }

    private string Listed(IEnumerable<Overload> listed) =>
        string.Join(" and ", listed.Select(overload => $"{name[(name.LastIndexOf('.') + 1)..]}({overload.Signature})"));

    private static string Counted(int count) => count == 1 ? "1 argument" : $"{count} arguments";
}
