namespace MultiProc.Specs.Guide;

// <event-functions>
public static class Race
{
    private static SharedEvent _started = null!;

    public static void Prepare(SharedEvent started) => _started = started;

    public static string Run(string runner)
    {
        _started.Wait();
        return runner + " has run";
    }
}
// </event-functions>
