using MultiProc;

namespace Thumbnails;

/// <summary>Writes each tenth of the way.</summary>
internal sealed class ConsoleProgress : IProgress<MapProgress>
{
    private long _tenths;

    public void Report(MapProgress value)
    {
        if (value.Total is { } total && value.Completed * 10 / total is var tenths && tenths > _tenths)
        {
            _tenths = tenths;
            Console.WriteLine($"{tenths,3}0 %  ({value.Completed} of {total})");
        }
    }
}
