using System.Numerics;

namespace MultiProc.Protocol.Status;

/// <summary>
/// The running item of a worker, as the worker claims it: one of the two copies on its <see cref="StatusPage"/>, which
/// are written alternately.
/// </summary>
/// <param name="Sequence">The sequence number, one more than in the copy that was written before.</param>
/// <param name="Unit">The running unit; <see cref="Messages.WorkUnit.NoId"/>: none.</param>
/// <param name="Begun">
/// The time when the item began, or when its arguments were decoded:
/// <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.
/// </param>
/// <param name="Item">The running item.</param>
/// <param name="IsDecoded">Whether its arguments are decoded. False only for items with a time limit.</param>
internal readonly record struct StatusRecord(long Sequence, long Unit, long Begun, int Item, bool IsDecoded)
{
    // Odd numbers without a pattern. The addition before the multiplication keeps records of one repeated byte from
    // having a checksum of the same bytes.
    private const ulong SequenceFactor = 0x9E37_79B9_7F4A_7C15;
    private const ulong UnitFactor = 0xC2B2_AE3D_27D4_EB4F;
    private const ulong BegunFactor = 0x1656_67B1_9E37_79F9;
    private const ulong ItemFactor = 0xD6E8_FEB8_6659_FD93;
    private const ulong Offset = 0x2545_F491_4F6C_DD1D;

    /// <summary>
    /// The checksum of a record. It takes about two nanoseconds, because its parts do not depend on one another, and
    /// changes with any single value. It protects against accidents; a malicious worker can compute it.
    /// </summary>
    public static ulong CheckOf(long sequence, long unit, long begun, int item, int flags) =>
        (((ulong)sequence + Offset) * SequenceFactor)
        ^ BitOperations.RotateLeft(((ulong)unit + Offset) * UnitFactor, 17)
        ^ BitOperations.RotateLeft(((ulong)begun + Offset) * BegunFactor, 31)
        ^ BitOperations.RotateLeft((((ulong)(uint)flags << 32 | (uint)item) + Offset) * ItemFactor, 47);
}
