using System.Numerics;

namespace MultiProc.Protocol.Status;

/// <summary>What a worker says that it is running: one of the two copies on its <see cref="StatusPage"/>, which are written in turn.</summary>
/// <param name="Sequence">One more than in the copy that was written before.</param>
/// <param name="Unit">The unit that is running; <see cref="Messages.WorkUnit.NoId"/>: none.</param>
/// <param name="Begun">When the item began, or when its arguments were decoded: <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</param>
/// <param name="Item">The item that is running.</param>
/// <param name="IsDecoded">Whether its arguments are decoded. Only items with a time limit are ever without.</param>
internal readonly record struct StatusRecord(long Sequence, long Unit, long Begun, int Item, bool IsDecoded)
{
    // Odd numbers without a pattern. Adding before multiplying keeps records that consist of one repeated byte from having a check of the same bytes.
    private const ulong SequenceFactor = 0x9E37_79B9_7F4A_7C15;
    private const ulong UnitFactor = 0xC2B2_AE3D_27D4_EB4F;
    private const ulong BegunFactor = 0x1656_67B1_9E37_79F9;
    private const ulong ItemFactor = 0xD6E8_FEB8_6659_FD93;
    private const ulong Offset = 0x2545_F491_4F6C_DD1D;

    /// <summary>
    /// A checksum that costs about two nanoseconds, because its parts do not depend on one another. Changing any one value changes it. It protects against
    /// accidents; a worker that means to can compute it.
    /// </summary>
    public static ulong CheckOf(long sequence, long unit, long begun, int item, int flags) =>
        (((ulong)sequence + Offset) * SequenceFactor)
        ^ BitOperations.RotateLeft(((ulong)unit + Offset) * UnitFactor, 17)
        ^ BitOperations.RotateLeft(((ulong)begun + Offset) * BegunFactor, 31)
        ^ BitOperations.RotateLeft((((ulong)(uint)flags << 32 | (uint)item) + Offset) * ItemFactor, 47);
}
