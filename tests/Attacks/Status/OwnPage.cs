using System.Globalization;
using System.Numerics;

namespace MultiProc.Attacks.Status;

/// <summary>A function's way to its own worker's status page, as docs/protocol.md describes it: the memory that the host believes.</summary>
internal sealed unsafe class OwnPage
{
    public const int Length = 1 << 16;

    private const int CopiesOffset = 64;
    private const int CopyLength = 64;

    private static byte[] _kept = [];

    private readonly byte* _address = Find();

    public Span<byte> Bytes => new(_address, Length);

    /// <summary>The unit and the item that the page names now.</summary>
    public (long Unit, int Item) Running
    {
        get
        {
            var first = (long*)(_address + CopiesOffset);
            var second = (long*)(_address + CopiesOffset + CopyLength);
            var latest = first[0] > second[0] ? first : second;
            return (latest[1], *(int*)(latest + 3));
        }
    }

    public static void Fill(byte value) => new OwnPage().Bytes.Fill(value);

    public static void FillAtRandom() => Random.Shared.NextBytes(new OwnPage().Bytes);

    /// <summary>Keeps the page as it is now, for <see cref="Restore"/>.</summary>
    public static void Keep() => _kept = new OwnPage().Bytes.ToArray();

    public static void Restore() => _kept.CopyTo(new OwnPage().Bytes);

    /// <summary>Writes two right copies that say what is running.</summary>
    public void Forge(long unit, int item, long begun)
    {
        for (var copy = 0L; copy < 2; copy++)
        {
            var sequence = (1L << 40) + copy;
            var words = (long*)(_address + CopiesOffset + (copy * CopyLength));
            (words[0], words[1], words[2], words[3]) = (sequence, unit, begun, (uint)item | (1L << 32));
            words[4] = unchecked((long)CheckOf(sequence, unit, begun, item));
        }
    }

    private static ulong CheckOf(long sequence, long unit, long begun, int item)
    {
        const ulong Offset = 0x2545_F491_4F6C_DD1D;
        return (((ulong)sequence + Offset) * 0x9E37_79B9_7F4A_7C15)
            ^ BitOperations.RotateLeft(((ulong)unit + Offset) * 0xC2B2_AE3D_27D4_EB4F, 17)
            ^ BitOperations.RotateLeft(((ulong)begun + Offset) * 0x1656_67B1_9E37_79F9, 31)
            ^ BitOperations.RotateLeft((((1UL << 32) | (uint)item) + Offset) * 0xD6E8_FEB8_6659_FD93, 47);
    }

    private static byte* Find()
    {
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            if (!line.Contains("/memfd:", StringComparison.Ordinal) || !line.Contains("rw-s", StringComparison.Ordinal))
            {
                continue;
            }

            var range = line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('-');
            var begin = nuint.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (nuint.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) - begin == Length)
            {
                return (byte*)begin;
            }
        }

        throw new InvalidOperationException("The status page was not found.");
    }
}
