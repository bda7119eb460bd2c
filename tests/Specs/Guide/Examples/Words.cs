namespace MultiProc.Specs.Guide;

// <initializer-functions>
public static class Words
{
    private static HashSet<string> _known = [];   // one for each worker process

    public static void Load(string path) => _known = [.. File.ReadLines(path)];

    public static bool IsKnown(string word) => _known.Contains(word);
}
// </initializer-functions>
