namespace MultiProc.Host.Functions;

/// <summary>An overload with arguments that fit it.</summary>
/// <param name="Overload">The overload.</param>
/// <param name="Values">The arguments of all parameters.</param>
/// <param name="Distances">For each text, how far its parameter's type is from it.</param>
/// <param name="LeftOut">How many optional parameters have their default.</param>
internal sealed record BoundCall(Overload Overload, object?[] Values, IReadOnlyList<(int Reading, int Type)> Distances, int LeftOut)
{
    /// <summary>
    /// Whether C# would rather choose this overload than another that fits, too: no text fits it worse, and one fits it better; or all fit alike, and it takes no
    /// array of further arguments, or leaves fewer optional parameters out.
    /// </summary>
    public bool IsBetterThan(BoundCall other)
    {
        var isBetter = false;
        for (var i = 0; i < Distances.Count; i++)
        {
            var comparison = Distances[i].CompareTo(other.Distances[i]);
            if (comparison > 0)
            {
                return false;
            }

            isBetter |= comparison < 0;
        }

        return isBetter
            || (Distances.SequenceEqual(other.Distances) && (Overload.IsOpenEnded, LeftOut).CompareTo((other.Overload.IsOpenEnded, other.LeftOut)) < 0);
    }
}
