using System.Text;

namespace MultiProc.Boundary;

/// <summary>
/// UTF-8 conversion for names and paths, which are nearly always ASCII. Loading the framework's converter takes
/// milliseconds of a worker's start, whatever it converts, so it is used only for other text.
/// </summary>
internal static class Utf8Text
{
    /// <summary>Decodes text. Invalid UTF-8 becomes replacement characters, as with the framework.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!char.IsAscii((char)bytes[i]))
            {
                return Encoding.UTF8.GetString(bytes);
            }

            characters[i] = (char)bytes[i];
        }

        return new string(characters);
    }

    /// <summary>Encodes text with a terminating zero, as system calls need it.</summary>
    public static byte[] EncodeTerminated(string text)
    {
        var bytes = new byte[text.Length + 1];
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAscii(text[i]))
            {
                return Encoding.UTF8.GetBytes(text + '\0');
            }

            bytes[i] = (byte)text[i];
        }

        return bytes;
    }
}
