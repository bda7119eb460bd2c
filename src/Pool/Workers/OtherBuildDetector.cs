using MultiProc.Workers.Launch;

namespace MultiProc.Workers;

/// <summary>
/// A detector for workers that cannot decode a call because they have loaded another build of the application than this
/// process runs, or could not load it, as its files were replaced meanwhile. Such a worker never becomes usable.
/// Thread-safe.
/// </summary>
/// <param name="max">
/// The maximum number of workers that may be reported within the window while the files on disk match: a worker may
/// lie. Null: no limit.
/// </param>
/// <param name="window">The length of the window.</param>
/// <param name="time">The clock.</param>
internal sealed class OtherBuildDetector(int? max, TimeSpan window, TimeProvider time)
{
    // More than a worker ever loads. Each is compared with everything that this process has loaded.
    private const int MaxFiles = 10_000;

    private readonly RestartIntensity _detected = new(max, window, time);

    /// <summary>Finds out why a worker is not usable; null: no reason is known.</summary>
    /// <param name="missing">
    /// The simple name of the assembly that the worker could not load; empty: that was not the cause.
    /// </param>
    /// <param name="files">The files that the worker has loaded.</param>
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
