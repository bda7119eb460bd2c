using System.CommandLine;
using MultiProc.Host.Functions;

namespace MultiProc.Host.Replay;

/// <summary>The file that a verb is about.</summary>
internal static class RecordArgument
{
    public static Argument<string> Create() => new("FILE") { Description = "A record: a .mpcall file from the directory that --record, or ProcessPoolOptions.RecordDirectory, named." };

    public static Option<string> Application() => new("--app", "-a")
    {
        Description = "Use this build of the application, by the path of its .dll, instead of the one that the record names. Needed for a record that is not yours.",
        HelpName = "DLL",
    };

    /// <exception cref="InvalidCallException">It is no record.</exception>
    public static RecordedCall Load(string path)
    {
        try
        {
            // Who may run what is decided by ForeignRecord.
            return RecordedCall.Load(path, trustForeign: true);
        }
        catch (Exception exception) when (exception is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidCallException(exception.Message, exception);
        }
    }
}
