using MultiProc.Host.View;

namespace MultiProc.Host.Serve;

/// <summary>The live view on a terminal.</summary>
internal sealed class ScreenDisplay(string functions) : IServeDisplay
{
    private readonly Screen _screen = new();
    private PoolView _view = new($"Ctrl-C ends the pool when its calls have ended. It serves {functions}");

    public void Show(PoolInfo pool, IReadOnlyList<PoolEvent> output) => _screen.Draw((width, height) => _view.Render(pool, output, width, height));

    public void TellEnding(PoolInfo pool) => _view = new PoolView("Waits for the calls that were accepted. Ctrl-C again ends the pool now.");

    public void Dispose() => _screen.Dispose();
}
