using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MultiProc.Host.Run.Display;

/// <summary>How many calls have ended, and how many end per second.</summary>
internal sealed class RateColumn : ProgressColumn
{
    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:N0} calls, {task.Speed ?? 0:N0}/s"));
}
