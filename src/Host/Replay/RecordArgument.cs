using System.CommandLine;
using MultiProc.Host.Functions;

namespace MultiProc.Host.Replay;

/// <summary>The file that a verb is about.</summary>
internal static class RecordArgument
{
    public static Argument<string> Create() => new("FILE") { Description = "A record: a .mpcall file from the directory that --record, or ProcessPoolOptions.RecordDirectory, named." };

    /// <exception cref="InvalidCallException">It is no record.</exception>
    public static RecordedCall Load(string path)
    {
        try
        {
            return RecordedCall.Load(path);
        }
        catch (Exception exception) when (exception is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidCallException(exception.Message, exception);
        }
    }
}
