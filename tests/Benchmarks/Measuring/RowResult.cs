namespace MultiProc.Benchmarks.Measuring;

/// <summary>What is known of a row once it has been measured.</summary>
internal sealed record RowResult
{
    public required string Unit { get; init; }

    public Series[] Series { get; init; } = [];

    public Claim[] Claims { get; init; } = [];

    /// <summary>Contestants that did not take part, and why; what else the reader should know.</summary>
    public string[] Notes { get; init; } = [];

    public Plot? Plot { get; init; }

    public Table? Table { get; init; }

    public string Machine { get; set; } = "";
}

/// <summary>Curves over a common axis.</summary>
internal sealed record Plot(string Title, string XLabel, string YLabel, Curve[] Curves, bool IsXLogarithmic = true, bool IsYLogarithmic = true);

/// <summary>One line of a plot.</summary>
internal sealed record Curve(string Name, double[] X, double[] Y);

/// <summary>A table that says more than curves would.</summary>
internal sealed record Table(string[] Head, string[][] Lines);
