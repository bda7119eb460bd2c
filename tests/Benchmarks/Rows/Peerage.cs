using MultiProc.Benchmarks.Measuring;
using MultiProc.Benchmarks.Peers;

namespace MultiProc.Benchmarks.Rows;

/// <summary>The script peers that this machine has, as contestants; and a note for each that it has not.</summary>
internal sealed class Peerage : IDisposable
{
    private readonly ScriptPeer? _python = ScriptPeer.Python();
    private readonly ScriptPeer? _node = ScriptPeer.Node();
    private readonly List<Contestant> _contestants = [];

    public IReadOnlyList<Contestant> Contestants => _contestants;

    public string[] Notes =>
    [
        .. _python is null ? ["Python did not take part: there is no python3 here."] : Array.Empty<string>(),
        .. _node is null ? ["Node did not take part: there is no node here, or its packages could not be installed."] : Array.Empty<string>(),
    ];

    /// <summary>Adds a command of Python's, if it is there.</summary>
    public Peerage Python(string name, string command, Func<double, double> ofSeconds)
    {
        if (_python is { } peer)
        {
            _contestants.Add(new Contestant(name, async () => ofSeconds(await peer.SecondsAsync(command))));
        }

        return this;
    }

    /// <summary>Adds a command of one of Node's packages, if it is there.</summary>
    public Peerage Node(string package, string command, Func<double, double> ofSeconds)
    {
        if (_node is { } peer)
        {
            _contestants.Add(new Contestant(package, async () => ofSeconds(await peer.SecondsAsync(command))));
        }

        return this;
    }

    public async Task<string?> AskPythonAsync(string command) => _python is null ? null : await _python.AskAsync(command);

    public void Dispose()
    {
        _python?.Dispose();
        _node?.Dispose();
    }
}
