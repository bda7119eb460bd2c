namespace MultiProc.Host.Run.Display;

/// <summary>What a person sees of a run on standard error. Notes come from any thread.</summary>
internal interface IRunDisplay
{
    /// <summary>How lines for standard output must be written while this display is on the same screen; null: as usual.</summary>
    Action<string>? ScreenResults { get; }

    /// <summary>A line of text: a failure, or what a function printed.</summary>
    void Note(string line);

    /// <summary>So many calls have ended.</summary>
    void Show(long done);

    /// <summary>The run is over.</summary>
    void End(long calls, long failed, TimeSpan elapsed);
}
