using ScottPlot;

namespace MultiProc.Benchmarks.Report;

/// <summary>Draws a row's curves as SVG.</summary>
internal static class Plots
{
    private const int Width = 900;
    private const int Height = 480;

    public static void Save(Measuring.Plot plot, string path)
    {
        using var drawing = new ScottPlot.Plot();
        foreach (var curve in plot.Curves)
        {
            var line = drawing.Add.Scatter(
                curve.X.Select(x => plot.IsXLogarithmic ? Math.Log10(x) : x).ToArray(), curve.Y.Select(y => plot.IsYLogarithmic ? Math.Log10(y) : y).ToArray());
            line.LegendText = curve.Name;
            line.LineWidth = curve.Name.StartsWith("MultiProc", StringComparison.Ordinal) ? 3 : 1.5f;
        }

        if (plot.IsXLogarithmic)
        {
            drawing.Axes.Bottom.TickGenerator = Logarithmic();
        }

        if (plot.IsYLogarithmic)
        {
            drawing.Axes.Left.TickGenerator = Logarithmic();
        }
        else
        {
            drawing.Axes.SetLimitsY(0, plot.Curves.Max(static curve => curve.Y.Max()) * 1.1);
        }

        drawing.Title(plot.Title);
        drawing.XLabel(plot.XLabel);
        drawing.YLabel(plot.YLabel);
        drawing.ShowLegend(Edge.Right);
        drawing.SaveSvg(path, Width, Height);
    }

    private static ScottPlot.TickGenerators.NumericAutomatic Logarithmic() => new()
    {
        MinorTickGenerator = new ScottPlot.TickGenerators.LogMinorTickGenerator(),
        IntegerTicksOnly = true,
        LabelFormatter = static power => Math.Pow(10, power).ToString("N0", System.Globalization.CultureInfo.InvariantCulture),
    };
}
