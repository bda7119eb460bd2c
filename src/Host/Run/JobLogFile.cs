using System.Globalization;
using System.Text;
using MultiProc.Host.Functions;

namespace MultiProc.Host.Run;

/// <summary>A job log on disk: a new one, or one to go on with.</summary>
/// <param name="Log">To write to.</param>
/// <param name="Items">What it held already and is left out.</param>
/// <param name="FailedItems">How many of these had failed.</param>
/// <param name="OutputEnd">Where in the output the last logged result ends; null: the output is not a file, or nothing was logged.</param>
internal sealed record JobLogFile(JobLog Log, ItemSet Items, long FailedItems, long? OutputEnd)
{
    /// <exception cref="InvalidCallException">The file cannot be used.</exception>
    public static JobLogFile Open(RunRequest request, string input)
    {
        var path = request.JobLogPath!;
        FileStream file;
        try
        {
            // Two runs must not write to one log.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidCallException($"The job log cannot be written: {exception.Message}", exception);
        }

        try
        {
            return Continue(file, request, input);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static JobLogFile Continue(FileStream file, RunRequest request, string input)
    {
        if (file.Length > 0 && !request.Resume)
        {
            throw new InvalidCallException(
                $"The job log {request.JobLogPath} is there already. Give --resume to go on with its run, or delete it to begin again.");
        }

        // The last line of an item counts: it may have been run again.
        var failed = new HashSet<long>();
        var items = new ItemSet();
        long? outputEnd = null;
        var end = 0L;
        var number = 0;
        foreach (var (line, lineEnd) in WholeLines(file))
        {
            end = lineEnd;
            if (number++ < 2)
            {
                CheckHead(number, line, request, input);
                continue;
            }

            var columns = line.Split('\t');
            if (columns.Length != JobLogFormat.Columns || !long.TryParse(columns[JobLogFormat.ItemColumn], CultureInfo.InvariantCulture, out var item))
            {
                throw new InvalidCallException($"Line {number} of the job log {request.JobLogPath} is none of a job log: {JsonText.Quoted(line)}");
            }

            if (columns[JobLogFormat.ExitColumn] == JobLogFormat.Done)
            {
                failed.Remove(item);
                items.Add(item);
            }
            else
            {
                failed.Add(item);
            }

            outputEnd = long.TryParse(columns[JobLogFormat.OutputColumn], CultureInfo.InvariantCulture, out var position) ? position : null;
        }

        // The last line may have been cut off when the run was killed: then its job is run again.
        if (number < 2)
        {
            BeginAgain(file, request, input);
        }
        else
        {
            file.SetLength(end);
            file.Position = end;
        }

        var isNew = items.Count + failed.Count == 0;
        if (!request.ResumeFailed)
        {
            foreach (var item in failed)
            {
                items.Add(item);
            }
        }

        return new JobLogFile(new JobLog(file), items, request.ResumeFailed ? 0 : failed.Count, isNew && request.OutputPath is not null ? 0 : outputEnd);
    }

    private static void BeginAgain(FileStream file, RunRequest request, string input)
    {
        var head = Encoding.UTF8.GetBytes(JobLogFormat.Head(request, input));
        var found = new byte[Math.Min(file.Length, head.Length + 1)];
        file.Position = 0;
        file.ReadExactly(found);
        if (!head.AsSpan().StartsWith(found))
        {
            throw NoJobLog(request);
        }

        file.SetLength(0);
        file.Write(head);
    }

    private static InvalidCallException NoJobLog(RunRequest request) =>
        new($"{request.JobLogPath} is not a job log of multiproc run. Give another file to --joblog.");

    private static void CheckHead(int number, string line, RunRequest request, string input)
    {
        if (number == 1 ? !JobLogFormat.IsTitle(line) : !JobLogFormat.IsColumnNames(line))
        {
            throw NoJobLog(request);
        }

        var run = JobLogFormat.Run(request, input);
        if (number == 1 && line != run)
        {
            throw new InvalidCallException(
                $"The job log {request.JobLogPath} belongs to another run. It begins with '{line}', and this run's would with '{run}'. Give that run's command, or another --joblog.");
        }
    }

    private static IEnumerable<(string Line, long End)> WholeLines(FileStream file)
    {
        var block = new byte[1 << 16];
        var line = new List<byte>();
        var position = 0L;
        file.Position = 0;
        for (int length; (length = file.Read(block)) > 0;)
        {
            for (var i = 0; i < length; i++)
            {
                position++;
                if (block[i] != '\n')
                {
                    line.Add(block[i]);
                    continue;
                }

                yield return (Encoding.UTF8.GetString([.. line]), position);
                line.Clear();
            }
        }
    }
}
