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

    /// <summary>The value that the text stands for.</summary>
    /// <exception cref="InvalidCallException">The text does not fit the type.</exception>
    public object? ToValue(Type type, string parameter)
    {
        Exception? reason = null;
        foreach (var reading in _readings)
        {
            try
            {
                return reading.Deserialize(type, JsonText.Options);
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
        JsonException { Path: "$" or null } => "",
        JsonException json => $": the trouble is at {json.Path}",
        _ => $": {OneLine.Of(reason!.Message).TrimEnd('.')}",
    };
}
