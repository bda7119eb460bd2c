using MultiProc.Boundary;
using MultiProc.Live;

namespace MultiProc.Sharing;

/// <summary>
/// The encoding of a queue's items. They are copied as arguments are, except that the only live objects in them can be
/// shared objects: it is unknown which process will read them.
/// </summary>
internal static class ItemCodec
{
    /// <exception cref="NotSerializableException">
    /// Something in the item cannot be copied, or it is too large.
    /// </exception>
    public static ReadOnlyMemory<byte> Encode<T>(T item, ItemQueue queue)
    {
        var most = queue.MaxWritten;
        var buffer = new ByteBuffer { Limit = most };
        try
        {
            using var writer = new BoundaryWriter(buffer, queue.Live);
            writer.Write(item, "item");
        }
        catch (InsufficientMemoryException)
        {
            throw TooLarge<T>(most);
        }
        catch (BoundaryException refusal)
        {
            throw RemoteFaults.NotSerializable(SurrogateRules.AreKnownFor(refusal.Type) || (item is not null && SurrogateRules.AreKnownFor(item.GetType())) ? WithoutRules(refusal) : refusal);
        }

        return buffer.WrittenCount <= most ? buffer.WrittenMemory : throw TooLarge<T>(most);
    }

    private static NotSerializableException TooLarge<T>(long most) => RemoteFaults.NotSerializable(new BoundaryException(
        "item", typeof(T), $"An item of a SharedQueue<{typeof(T).Name}> takes more than {Math.Min(most, Array.MaxLength):N0} bytes"
        + (most < Array.MaxLength ? ". Enqueue less, or raise ProcessPoolOptions.MaxResultBytes." : ", which is all that one item can take. Enqueue several.")));

    private static BoundaryException WithoutRules(BoundaryException refusal) => new(
        refusal.Path, refusal.Type,
        $"{refusal.Message} A pool of this process has a rule for such an object (WithSurrogate), which items of a shared queue do not know, for a queue belongs to no pool: enqueue the surrogate.");

    /// <exception cref="NotSerializableException">Something in the item is not accepted from a worker.</exception>
    /// <exception cref="ProcessPoolException">The item cannot be rebuilt in this process.</exception>
    public static T Decode<T>(ReadOnlyMemory<byte> bytes, ItemQueue queue)
    {
        try
        {
            // The item may have been enqueued by a worker.
            return BoundaryReader.Read<T>(bytes, queue.Live, Trust.InWorkers, root: "item");
        }
        catch (BoundaryException refusal)
        {
            throw RemoteFaults.NotSerializable(refusal);
        }
        catch (BoundaryFormatException e)
        {
            throw new ProcessPoolException($"An item was taken out of a SharedQueue<{typeof(T).Name}> but cannot be rebuilt in this process: {e.Message}", e);
        }
    }
}
