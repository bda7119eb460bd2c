using System.Text.Json.Serialization;

namespace MultiProc.Benchmarks.Measuring;

/// <summary>A goal, and what was reached of it.</summary>
/// <param name="Text">What is compared.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Limit">What it should be.</param>
/// <param name="IsAtMost">Whether the limit is the most it may be, or the least.</param>
/// <param name="Unit">What the two numbers are; <c>x</c>: a ratio.</param>
internal sealed record Claim(string Text, double Value, double Limit, bool IsAtMost, string Unit = "x")
{
    [JsonIgnore]
    public bool IsReached => IsAtMost ? Value <= Limit : Value >= Limit;

    public static Claim AtMost(string text, double value, double limit, string unit = "x") => new(text, value, limit, true, unit);

    public static Claim AtLeast(string text, double value, double limit, string unit = "x") => new(text, value, limit, false, unit);
}
