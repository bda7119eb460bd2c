using System.Text.Json;
using MultiProc.Host.Run.Inputs;

namespace MultiProc.Host.Run;

/// <summary>How the items of an input are read, and how a result is written.</summary>
/// <param name="IsRaw">Whether an item is text and not JSON, and a result that is a string is written as text.</param>
/// <param name="IsNullTerminated">Whether a NUL character stands behind each item and each result, instead of a line feed.</param>
/// <param name="HasTag">Whether the item and a tab stand before its result.</param>
/// <param name="IsText">Whether what is written is text already: the description of a call.</param>
internal sealed record ResultFormat(bool IsRaw, bool IsNullTerminated, bool HasTag, bool IsText)
{
    /// <summary>What stands behind each result.</summary>
    public string Terminator => IsNullTerminated ? "\0" : "\n";

    /// <summary>The result of an item, as it is written.</summary>
    public string Line(InputItem item, string json) => HasTag ? $"{item.Text}\t{Result(json)}" : Result(json);

    /// <summary>A result, as it is written.</summary>
    public string Result(string json) => IsRaw && !IsText && json.StartsWith('"') ? JsonSerializer.Deserialize<string>(json)! : IsText ? json : TerminalText.Json(json);
}
