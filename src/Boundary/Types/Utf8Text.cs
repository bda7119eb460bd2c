using System.Text;

namespace MultiProc.Boundary;

/// <summary>
/// UTF-8 of names and paths, which are nearly always ASCII. The framework's converter takes a worker milliseconds of its start to load, whatever it converts: here
/// only what is not ASCII is left to it.
/// </summary>
internal static class Utf8Text
{
    /// <summary>What is no UTF-8 is read as the framework does: with replacement characters.</summary>
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

    /// <summary>With a zero behind it, as system calls want it.</summary>
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
