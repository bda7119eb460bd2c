using System.Globalization;

namespace MultiProc.Boundary;

/// <summary>Keys in paths.</summary>
internal static class Keys
{
    /// <summary>The entry of <paramref name="key"/>: by the key where it has a short text, else by its number.</summary>
    public static string Segment(object? key, int index) => key switch
    {
        string text => $"[\"{(text.Length <= 60 ? text : text[..60] + "...")}\"]",
        IFormattable value and ValueType => $"[{value.ToString(null, CultureInfo.InvariantCulture)}]",
        _ => $".Values[{index}]",
    };
}
