namespace MultiProc.Workers;

/// <summary>The last lines of a stream, in bounded memory. Thread-safe.</summary>
internal sealed class OutputTail
{
    private const int MaxCharacters = 8_192;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private int _characters;

    public void Add(string line)
    {
        if (line.Length > MaxCharacters)
        {
            line = line[^MaxCharacters..];
        }

        lock (_gate)
        {
            _lines.Enqueue(line);
            _characters += line.Length + 1;
            while (_characters > MaxCharacters && _lines.Count > 1)
            {
                _characters -= _lines.Dequeue().Length + 1;
            }
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return string.Join(Environment.NewLine, _lines);
        }
    }
}
