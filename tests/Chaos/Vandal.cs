using System.Globalization;

namespace MultiProc.Chaos;

/// <summary>Does to the shared memory of a worker what a wild pointer in native code, or an attacker, could do. On Linux, to processes of this user.</summary>
internal static class Vandal
{
    private const string Ours = "memfd:multiproc";
    private const int PageBytes = 1 << 16;

    /// <summary>Overwrites the worker's status page, journal and all: with zeros, with ones, or with anything.</summary>
    /// <returns>Whether there was one: the process may be none, may be starting, or may be gone.</returns>
    public static bool TryCorruptPage(int process, Random random)
    {
        try
        {
            if (StatusPageOf(process) is not { } address)
            {
                return false;
            }

            var bytes = new byte[PageBytes];
            switch (random.Next(3))
            {
                case 0:
                    break;
                case 1:
                    bytes.AsSpan().Fill(255);
                    break;
                default:
                    random.NextBytes(bytes);
                    break;
            }

            using var memory = new FileStream($"/proc/{process}/mem", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            memory.Position = address;
            memory.Write(bytes);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return false;
        }
    }

    /// <summary>Tries to take the memory away from all who have mapped it, in every way that a process of this user has.</summary>
    /// <returns>What could be made shorter: nothing, if it is sealed.</returns>
    public static IReadOnlyList<string> Truncate(int process)
    {
        List<string> truncated = [];
        foreach (var folder in new[] { "fd", "map_files" })
        {
            try
            {
                truncated.AddRange(Directory.EnumerateFiles($"/proc/{process}/{folder}").Where(TryTruncate));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or this user may not look there.
            }
        }

        return truncated;
    }

    private static bool TryTruncate(string link)
    {
        try
        {
            if (File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName.Contains(Ours, StringComparison.Ordinal) != true)
            {
                return false;
            }

            using var file = new FileStream(link, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            file.SetLength(0);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // As it should be.
            return false;
        }
    }

    /// <summary>Where the page is mapped: the only memory of a pool that has its length.</summary>
    private static long? StatusPageOf(int process)
    {
        foreach (var line in File.ReadLines($"/proc/{process}/maps").Where(static line => line.Contains(Ours, StringComparison.Ordinal)))
        {
            var range = line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('-');
            var begin = long.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (long.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) - begin == PageBytes)
            {
                return begin;
            }
        }

        return null;
    }
}
