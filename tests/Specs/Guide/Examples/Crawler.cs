namespace MultiProc.Specs.Guide;

// <queue-functions>
public static class Crawler
{
    private static SharedQueue<string> _found = null!;

    public static void Prepare(SharedQueue<string> found) => _found = found;

    public static void Visit(string site)
    {
        _found.Enqueue(site + "/index");
        _found.Enqueue(site + "/about");
    }
}
// </queue-functions>
