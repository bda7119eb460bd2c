using MultiProc.Workers.Launch;

namespace MultiProc.Workers;

/// <summary>
/// Judges workers that cannot read a call: whether they have loaded another build of the application than this process runs, or could not load it, because its files were
/// replaced meanwhile. Such a worker is of no use, and never will be. Thread-safe.
/// </summary>
/// <param name="max">As many workers may be judged so within the window, where the files on disk are those that run: a worker may lie. Null: any number.</param>
/// <param name="window">How far back they count.</param>
/// <param name="time">Tells when.</param>
internal sealed class OtherBuildDetector(int? max, TimeSpan window, TimeProvider time)
{
    // More than a worker loads. Each is compared with all that this process has loaded.
    private const int MaxFiles = 10_000;

    private readonly RestartIntensity _detected = new(max, window, time);

    /// <summary>Why a worker is of no use; null: it is not known to be.</summary>
    /// <param name="missing">The simple name of the assembly that it could not load; empty: that was not the cause.</param>
    /// <param name="files">The files that it has loaded.</param>
    /// <param name="builds">Their module version ids.</param>
    public string? Detect(string missing, string[] files, string[] builds)
    {
        if (files.Length > MaxFiles)
        {
            return null;
        }

        var reason = ApplicationFiles.DescribeDifference(missing, files, builds);
        if (reason is null)
        {
            return null;
        }

        lock (_detected)
        {
            return _detected.NoteLoss() ? null : reason;
        }
    }
}
