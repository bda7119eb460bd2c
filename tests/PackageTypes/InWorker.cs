namespace MultiProc.PackageTypes;

/// <summary>What the worker does with an object that arrives: compares it with one that it made itself, uses it, and sends it back.</summary>
internal static class InWorker
{
    public static (object Value, string? Problem) Check(int index, object value)
    {
        var sample = Catalogue.All[index];
        return (value, Problem(sample, value));
    }

    public static string? Problem(Sample sample, object value)
    {
        var own = sample.Make();
        if (Comparison.IsRepeatable(own, sample.Make()) && Comparison.Difference(own, value) is { } difference)
        {
            return difference;
        }

        return sample.Works is { } works && !works(value) ? "it does not do what it is for" : null;
    }

    public static object Return(object value) => value;
}
