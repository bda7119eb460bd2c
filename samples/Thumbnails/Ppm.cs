using System.Globalization;
using System.Text;

namespace Thumbnails;

/// <summary>Pictures as files of the portable pixmap format (binary, "P6"), which most viewers open.</summary>
public static class Ppm
{
    private const string Magic = "P6";
    private const int HeaderLines = 3;

    /// <summary>Reads a picture.</summary>
    /// <exception cref="InvalidDataException">The file is not a whole picture of this format.</exception>
    public static Picture Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var (header, start) = ReadHeader(bytes);
        if (header is not [Magic, var size, _] || size.Split(' ') is not [var first, var second]
            || !int.TryParse(first, CultureInfo.InvariantCulture, out var width) || !int.TryParse(second, CultureInfo.InvariantCulture, out var height))
        {
            throw new InvalidDataException($"{Path.GetFileName(path)} does not begin as a {Magic} picture.");
        }

        var expected = width * height * 3;
        return bytes.Length - start == expected
            ? new Picture(width, height, bytes[start..])
            : throw new InvalidDataException(
                $"{Path.GetFileName(path)} has {bytes.Length - start:N0} bytes of pixels; {width} x {height} need {expected:N0}.");
    }

    /// <summary>Writes a picture.</summary>
    public static void Write(string path, Picture picture)
    {
        using var file = File.Create(path);
        file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Magic}\n{picture.Width} {picture.Height}\n255\n")));
        file.Write(picture.Pixels);
    }

    private static (List<string> Header, int Start) ReadHeader(byte[] bytes)
    {
        List<string> lines = [];
        var start = 0;
        while (lines.Count < HeaderLines && Array.IndexOf(bytes, (byte)'\n', start) is >= 0 and var end)
        {
            lines.Add(Encoding.ASCII.GetString(bytes, start, end - start));
            start = end + 1;
        }

        return (lines, start);
    }
}
