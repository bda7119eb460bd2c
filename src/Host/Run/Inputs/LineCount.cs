namespace MultiProc.Host.Run.Inputs;

/// <summary>How many items a file has, or how many of its lines hold something: only what the progress bar needs, so it is counted beside the work.</summary>
internal static class LineCount
{
    /// <summary>Null when the path is not an ordinary file, which can be read only once.</summary>
    public static async Task<long?> OfAsync(string path, byte terminator, bool countsEmpty, CancellationToken cancellationToken)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        await using (stream.ConfigureAwait(false))
        {
            if (!stream.CanSeek)
            {
                return null;
            }

            var count = 0L;
            var hasContent = false;
            var block = new byte[1 << 16];
            for (int length; (length = await stream.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                foreach (var character in block.AsSpan(0, length))
                {
                    if (character == terminator)
                    {
                        count += hasContent || countsEmpty ? 1 : 0;
                        hasContent = false;
                    }
                    else
                    {
                        hasContent |= countsEmpty || character > ' ';
                    }
                }
            }

            return count + (hasContent ? 1 : 0);
        }
    }
}
