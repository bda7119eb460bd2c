using System.Text.Json;

namespace MultiProc.Host.Functions;

/// <summary>One argument as text: a JSON value of an input line, or a word of the command line, which need not be JSON.</summary>
internal sealed class ArgumentText
{
    private readonly string _text;
    private readonly IReadOnlyList<JsonElement> _readings;

    private ArgumentText(string text, params IReadOnlyList<JsonElement> readings)
    {
        _text = text;
        _readings = readings;
    }

    /// <summary>Whether the text is a JSON array.</summary>
    public bool IsArray => _readings[0].ValueKind == JsonValueKind.Array;

    /// <summary>A value of an input line.</summary>
    public static ArgumentText OfJson(JsonElement value) => new(value.GetRawText(), value);

    /// <summary>A word of the command line: JSON if it is JSON that fits the parameter, and else a string.</summary>
    public static ArgumentText OfWord(string word)
    {
        var asString = JsonSerializer.SerializeToElement(word);
        try
        {
            return new ArgumentText(word, JsonElement.Parse(word), asString);
        }
        catch (JsonException)
        {
            // As most words are: not JSON.
            return new ArgumentText(word, asString);
        }
    }

    /// <summary>A line of an input that is text and not JSON: a string where a string fits, and else JSON.</summary>
    public static ArgumentText OfRaw(string line)
    {
        var asString = JsonSerializer.SerializeToElement(line);
        try
        {
            return new ArgumentText(line, asString, JsonElement.Parse(line));
        }
        catch (JsonException)
        {
            // The line is nothing but text.
            return new ArgumentText(line, asString);
        }
    }

    /// <summary>The value that the text stands for, and how well it fits.</summary>
    /// <exception cref="InvalidCallException">The text does not fit the type.</exception>
    public ArgumentFit Fit(Type type, string parameter)
    {
        if (!JsonReadability.CanRead(type) && _readings[0].ValueKind != JsonValueKind.Null)
        {
            throw new InvalidCallException($"No JSON fits parameter '{parameter}' of type {TypeLabel.Of(type)}.");
        }

        Exception? reason = null;
        for (var i = 0; i < _readings.Count; i++)
        {
            try
            {
                return new ArgumentFit(_readings[i].Deserialize(type, JsonText.Reading), (i, ArgumentFit.DistanceOf(_readings[i], type)));
            }
            catch (Exception exception)
            {
                // Whatever it is - also from a constructor or converter of the user's type - the function has not run and this text is not for it.
                reason ??= exception;
            }
        }

        throw new InvalidCallException(
            $"{JsonText.Quoted(_text)} does not fit parameter '{parameter}' of type {TypeLabel.Of(type)}{Detail(reason)}. Give a value of that type as JSON.",
            reason);
    }

    private static string Detail(Exception? reason) => reason switch
    {
        JsonException json when json.Message.Contains("could not be mapped", StringComparison.Ordinal) || json.Message.Contains("missing required", StringComparison.Ordinal) =>
            $": {OneLine.Of(json.Message.Split(" Path:")[0]).TrimEnd('.')}",
        JsonException { Path: "$" or null } => "",
        JsonException json => $": the trouble is at {json.Path}",
        _ => $": {OneLine.Of(reason!.Message).TrimEnd('.')}",
    };
}
