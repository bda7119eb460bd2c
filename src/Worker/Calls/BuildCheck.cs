using System.Runtime.Loader;
using MultiProc.Boundary;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Rpc;

namespace MultiProc.Worker.Calls;

/// <summary>
/// The check, made when a call cannot be decoded, whether this worker is usable. The application's files may have been
/// replaced before this process loaded them, and the assemblies that it has loaded, or could not load, stay as they
/// are. The host decides. Used by the main thread.
/// </summary>
/// <param name="link">The link to the host.</param>
/// <param name="exit">Ends this worker, before the call counts as begun.</param>
internal sealed class BuildCheck(WorkerLink link, Action exit)
{
    // A host that responds at all does so at once.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    // If calls cannot be decoded for another reason, each of them would ask.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _answered = new();
    private volatile bool _hasOtherBuild;
    private long _lastAsked;

    /// <summary>Handles a call that could not be decoded. Does not return if another worker is to run it.</summary>
    public void Run(BoundaryFormatException exception)
    {
        var now = Environment.TickCount64;
        if (_lastAsked != 0 && now - _lastAsked < Interval.TotalMilliseconds)
        {
            return;
        }

        _lastAsked = now;
        List<string> files = [];
        List<string> builds = [];
        foreach (var assembly in AssemblyLoadContext.Default.Assemblies)
        {
            if (!assembly.IsDynamic && assembly.Location is { Length: > 0 } file)
            {
                files.Add(file);
                builds.Add(assembly.ManifestModule.ModuleVersionId.ToString());
            }
        }

        _answered.Reset();
        link.Notify(Methods.Unreadable, MissingAssemblyOf(exception), files.ToArray(), builds.ToArray());
        if (_answered.Wait(AnswerTimeout) && _hasOtherBuild)
        {
            exit();
        }
    }

    /// <summary>Receives the host's answer, on the link's thread.</summary>
    public void OnAnswered(bool hasOtherBuild)
    {
        _hasOtherBuild = hasOtherBuild;
        _answered.Set();
    }

    private static string MissingAssemblyOf(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is BoundaryFormatException { MissingAssembly: { } name })
            {
                return name;
            }
        }

        return "";
    }
}
