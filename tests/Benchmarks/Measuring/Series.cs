using System.Text.Json.Serialization;

namespace MultiProc.Benchmarks.Measuring;

/// <summary>What one contestant reached in each round, in the row's unit.</summary>
internal sealed record Series(string Name, double[] Samples)
{
    [JsonIgnore]
    public double Median => At(0.5);

    [JsonIgnore]
    public double Low => At(0.25);

    [JsonIgnore]
    public double High => At(0.75);

    private double At(double part)
    {
        var sorted = Samples.Order().ToArray();
        var place = part * (sorted.Length - 1);
        var (below, above) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
        return below + ((above - below) * (place - Math.Floor(place)));
    }
}
