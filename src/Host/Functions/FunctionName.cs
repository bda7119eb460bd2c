namespace MultiProc.Host.Functions;

/// <summary>
/// A function as it is written on the command line: <c>Namespace.Type.Method</c>, a nested type behind <c>+</c> or <c>.</c>, and, where several overloads take as
/// many arguments, their types: <c>Namespace.Type.Method(int, string)</c>.
/// </summary>
internal sealed record FunctionName(string Type, string Method, string? Signature)
{
    /// <exception cref="InvalidCallException">The text is not of that form.</exception>
    public static FunctionName Parse(string text)
    {
        var bracket = text.IndexOf('(', StringComparison.Ordinal);
        var path = (bracket < 0 ? text : text[..bracket]).Trim().Replace('+', '.');
        var dot = path.LastIndexOf('.');
        if (path.Length == 0 || dot == path.Length - 1 || (bracket >= 0 && !text.EndsWith(')')))
        {
            throw new InvalidCallException($"'{text}' is not the name of a function. Write Namespace.Type.Method, such as WordCount.Counter.CountFile.");
        }

        return new FunctionName(path[..Math.Max(dot, 0)], path[(dot + 1)..], bracket < 0 ? null : Compact(text[(bracket + 1)..^1]));
    }

    /// <summary>The same text without blanks, so that signatures can be compared.</summary>
    public static string Compact(string signature) => signature.Replace(" ", "", StringComparison.Ordinal);

    /// <summary>The name without a signature.</summary>
    public string Path => Type.Length == 0 ? Method : $"{Type}.{Method}";

    public override string ToString() => Path + (Signature is null ? "" : $"({Signature})");
}
