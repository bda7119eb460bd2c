using MultiProc;

namespace Spectre.Console;

/// <summary>Progress bars that show how far a map is.</summary>
public static class ProgressTaskExtensions
{
    /// <summary>
    /// What to give a map or a stream as <see cref="MapOptions.Progress"/> so that this bar shows it: its value counts the items that have ended, its maximum is
    /// their number. While that is unknown, the bar is indeterminate. The bar is shown and redrawn by the <see cref="Progress"/> it belongs to.
    /// </summary>
    /// <param name="task">The bar. One for each map.</param>
    /// <returns>Reports may come from any thread.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    public static IProgress<MapProgress> AsMapProgress(this ProgressTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new ProgressBar(task);
    }

    private sealed class ProgressBar(ProgressTask task) : IProgress<MapProgress>
    {
        public void Report(MapProgress value)
        {
            task.IsIndeterminate = value.Total is null;

            // A bar of nothing would be empty for ever. Until the end of an endless source, the maximum follows, or the value would be held back at 100.
            task.MaxValue = Math.Max(1, value.Total ?? value.Completed + 1);
            task.Value = value.Total is 0 ? task.MaxValue : value.Completed;
        }
    }
}
