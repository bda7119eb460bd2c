using Spectre.Console;

namespace MultiProc.Specs.Contract;

/// <summary>How a bar shows a map's progress.</summary>
public sealed class ProgressBarContract
{
    [Theory]
    [InlineData(0, 4L, 4, 0, false)]
    [InlineData(3, 4L, 4, 3, false)]
    [InlineData(4, 4L, 4, 4, false)]
    [InlineData(0, 0L, 1, 1, false)]
    [InlineData(250, null, 251, 250, true)]
    public void A_bar_shows_what_was_told_last(long completed, long? total, double maximum, double value, bool isIndeterminate)
    {
        var bar = new ProgressTask(1, "items", maxValue: 100);

        bar.AsMapProgress().Report(new MapProgress(7, null));
        bar.AsMapProgress().Report(new MapProgress(completed, total));

        Assert.Equal((maximum, value, isIndeterminate), (bar.MaxValue, bar.Value, bar.IsIndeterminate));
    }
}
