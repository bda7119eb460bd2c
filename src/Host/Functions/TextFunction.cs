using System.Text.Json;

namespace MultiProc.Host.Functions;

/// <summary>A function that is called with text and answers with text: the overloads of one name, told apart by which arguments fit.</summary>
internal sealed class TextFunction(string name, IReadOnlyList<Overload> overloads)
{
    /// <summary>Calls it with the words of a command line.</summary>
    /// <exception cref="InvalidCallException">The words fit no overload, or several equally well.</exception>
    public Task<string> InvokeWordsAsync(IEnumerable<string> words, CancellationToken cancellationToken) =>
        InvokeAsync(BindWords(words), cancellationToken);

    /// <summary>Calls it with a line of an input.</summary>
    /// <exception cref="InvalidCallException">The line fits no overload, or several equally well.</exception>
    public Task<string> InvokeLineAsync(string line, bool isRaw, CancellationToken cancellationToken) =>
        InvokeAsync(BindLine(line, isRaw), cancellationToken);

    /// <summary>The call that the words of a command line would make, as text.</summary>
    /// <exception cref="InvalidCallException">The words fit no overload, or several equally well.</exception>
    public string DescribeWords(IEnumerable<string> words) => Describe(BindWords(words));

    /// <summary>The call that a line of an input would make, as text.</summary>
    /// <exception cref="InvalidCallException">The line fits no overload, or several equally well.</exception>
    public string DescribeLine(string line, bool isRaw) => Describe(BindLine(line, isRaw));

    private BoundCall BindWords(IEnumerable<string> words) => Bind([.. words.Select(ArgumentText.OfWord)], overloads);

    /// <summary>
    /// A line is one JSON value, or an array of several arguments. An array is one value for a function that can be called with a single argument which is itself an
    /// array or a list, if it fits that. A raw line is one string.
    /// </summary>
    private BoundCall BindLine(string line, bool isRaw)
    {
        if (isRaw)
        {
            return Bind([ArgumentText.OfRaw(line)], overloads);
        }

        JsonElement json;
        try
        {
            json = JsonElement.Parse(line);
        }
        catch (JsonException exception)
        {
            throw new InvalidCallException(
                $"{JsonText.Quoted(line)} is not JSON. Each line is one JSON value, or an array of arguments; a string stands in double quotes. "
                + "For lines of text give --raw.",
                exception);
        }

        var asOne = overloads.Where(static overload => overload.TakesOneArray).ToArray();
        if (json.ValueKind != JsonValueKind.Array)
        {
            return Bind([ArgumentText.OfJson(json)], overloads);
        }

        ArgumentText[] items = [.. json.EnumerateArray().Select(ArgumentText.OfJson)];
        if (asOne.Length == 0)
        {
            return Bind(items, overloads);
        }

        try
        {
            return Bind([ArgumentText.OfJson(json)], asOne);
        }
        catch (InvalidCallException) when (overloads.Any(overload => overload.Takes(items.Length) && !overload.TakesOneArray))
        {
            // The array is none that the function takes as one argument; another overload may take its items.
            return Bind(items, overloads);
        }
    }

    private BoundCall Bind(ArgumentText[] arguments, IReadOnlyList<Overload> candidates)
    {
        var taking = candidates.Where(overload => overload.Takes(arguments.Length)).ToArray();
        if (taking.Length <= 1)
        {
            return taking.Length == 1
                ? taking[0].Bind(arguments)
                : throw new InvalidCallException($"{name} does not take {Counted(arguments.Length)}: there is {Listed(overloads)}.");
        }

        var fitting = new List<BoundCall>();
        var reasons = new List<InvalidCallException>();
        foreach (var overload in taking)
        {
            try
            {
                fitting.Add(overload.Bind(arguments));
            }
            catch (InvalidCallException reason)
            {
                reasons.Add(reason);
            }
        }

        var best = fitting.FindAll(one => fitting.TrueForAll(other => other == one || one.IsBetterThan(other)));
        if (best is [var only])
        {
            return only;
        }

        if (fitting.Count == 0)
        {
            throw new InvalidCallException(
                $"None of the {taking.Length} overloads of {name} that take {Counted(arguments.Length)} fits: {string.Join(" ", reasons.Select(static reason => reason.Message).Distinct())}",
                reasons[0]);
        }

        Overload[] ambiguous = [.. fitting.Where(one => !fitting.Exists(other => other != one && other.IsBetterThan(one))).Select(static one => one.Overload)];
        throw new InvalidCallException(
            $"{ambiguous.Length} overloads of {name} fit equally well: {Listed(ambiguous)}. Name one with its types, such as '{name}({ambiguous[0].Signature})'.");
    }

    private static Task<string> InvokeAsync(BoundCall call, CancellationToken cancellationToken) => call.Overload.InvokeAsync(call.Values, cancellationToken);

    private string Describe(BoundCall call) => $"{name}({call.Overload.Describe(call.Values)})";

    private string Listed(IEnumerable<Overload> listed) =>
        string.Join(" and ", listed.Select(overload => $"{name[(name.LastIndexOf('.') + 1)..]}({overload.Signature})"));

    private static string Counted(int count) => count == 1 ? "1 argument" : $"{count} arguments";
}
