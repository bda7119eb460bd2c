using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MultiProc.Host.View;

/// <summary>
/// The whole terminal, for frames that are drawn over each other; what was on it before comes back at the end. Each frame is made for the size that the terminal
/// has then, so that it may be resized at any time.
/// </summary>
internal sealed class Screen : IDisposable
{
    private const string Enter = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J";
    private const string Leave = "\x1b[?25h\x1b[?1049l";
    private const int FallbackWidth = 80;
    private const int FallbackHeight = 24;

    private readonly Lock _gate = new();
    private (int Width, int Height) _size;
    private bool _isLeft;

    public Screen() => Console.Out.Write(Enter);

    /// <summary>Whether standard output is a terminal that can do this.</summary>
    public static bool IsAvailable => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "");

    /// <summary>Draws a frame that is made for the present size.</summary>
    public void Draw(Func<int, int, IEnumerable<IRenderable>> frame)
    {
        lock (_gate)
        {
            if (_isLeft)
            {
                return;
            }

            var size = (Width: Console.WindowWidth is > 0 and var width ? width : FallbackWidth, Height: Console.WindowHeight is > 0 and var height ? height : FallbackHeight);
            var lines = Lines(frame(size.Width, size.Height), size.Width).Take(size.Height);

            // A terminal that was made narrower has wrapped what it showed.
            var start = size == _size ? "\x1b[H" : "\x1b[H\x1b[2J";
            _size = size;
            Console.Out.Write(start + string.Join("\x1b[K\r\n", lines) + "\x1b[K\x1b[J");
            Console.Out.Flush();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isLeft = true;
            Console.Out.Write(Leave);
            Console.Out.Flush();
        }
    }

    private static string[] Lines(IEnumerable<IRenderable> parts, int width)
    {
        using var text = new StringWriter(new StringBuilder());
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.No,
            ColorSystem = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
        });
        console.Profile.Width = width;
        foreach (var part in parts)
        {
            console.Write(part);
            if (part is not Table)
            {
                console.WriteLine();
            }
        }

        return text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}
