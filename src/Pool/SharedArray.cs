using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MultiProc.Boundary;
using MultiProc.Protocol.Memory;
using MultiProc.Sharing;

namespace MultiProc;

/// <summary>
/// An array in memory that several processes see: one memory, no copies. It crosses to a worker live, whatever its size.
/// The counterpart of Python's <c>multiprocessing.Array</c>.
/// </summary>
/// <remarks>
/// <para>
/// Elements are plain memory. Processes that write different elements need nothing else; for changes that belong together hold <see cref="Lock"/>.
/// Memory is taken from the system when an element is first touched.
/// </para>
/// <para>
/// It lives until the process that created it disposes it or exits. Disposing it in another process only detaches that process.
/// Disposing gives the memory back at once, so a span or reference must not be used after that, as with any unmanaged memory: the process would crash.
/// </para>
/// </remarks>
/// <typeparam name="T">A type without references, such as a number or a struct of numbers.</typeparam>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "It is a collection.")]
[SharedObject(typeof(SharedArray<>.Copier))]
public sealed unsafe class SharedArray<T> : IDisposable
    where T : unmanaged
{
    private const int LengthOffset = RobustLock.Size;
    private const int BodySize = LengthOffset + sizeof(long);

    private readonly SharedBlock _block;
    private readonly SharedMemory _elements;
    private readonly T* _first;
    private readonly SharedLock _lock;
    private bool _isKept;

    /// <summary>Creates an array of zeros.</summary>
    /// <param name="length">The number of elements: zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public SharedArray(int length)
        : this(CreateBlock(length), SharedMemory.Create(Math.Max(1, (long)length * sizeof(T))), length)
    {
        *(long*)_block.At(LengthOffset) = length;
        _isKept = true;
        SharedObjects.Add(Handle, this, _block);
    }

    private SharedArray(SharedBlock block, SharedMemory elements, int length)
    {
        _block = block;
        block.Name = $"SharedArray<{typeof(T).Name}>";
        _elements = elements;
        _first = (T*)elements.Pointer;
        _lock = SharedLock.PartOf(block, 0);
        Length = length;
    }

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>All elements: the shared memory itself. Not to be used after the array was disposed in this process.</summary>
    /// <exception cref="ObjectDisposedException">The array was disposed here or by its creator.</exception>
    public Span<T> Span
    {
        get
        {
            Keep();
            return new Span<T>(_first, Length);
        }
    }

    /// <summary>A lock that belongs to this array. Nothing takes it implicitly.</summary>
    /// <exception cref="ObjectDisposedException">The array was disposed here or by its creator.</exception>
    public SharedLock Lock
    {
        get
        {
            _block.ThrowIfEnded();
            return _lock;
        }
    }

    private string LiveHandle
    {
        get
        {
            _block.ThrowIfEnded();
            return Handle;
        }
    }

    private string Handle => JoinedHandle.Join(_block.Handle, _elements.Handle);

    /// <summary>One element, by reference: usable with <see cref="Interlocked"/> and <see cref="Volatile"/>.</summary>
    /// <param name="index">From zero to <see cref="Length"/> - 1.</param>
    /// <exception cref="IndexOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    /// <exception cref="ObjectDisposedException">The array was disposed here or by its creator.</exception>
    public ref T this[int index] => ref Span[index];

    private static SharedArray<T> Attach(string handle) => SharedObjects.GetOrAttach(handle, static handle =>
    {
        var (blockHandle, elementsHandle) = JoinedHandle.Split(handle);
        var block = SharedBlock.Attach(blockHandle, BodySize, SharedKind.Array, sizeof(T));
        var length = *(long*)block.At(LengthOffset);
        return length is >= 0 and <= int.MaxValue
            ? new SharedArray<T>(block, SharedMemory.Attach(elementsHandle, Math.Max(1, length * sizeof(T))), (int)length)
            : throw block.Damaged($"a length of {length}");
    });

    /// <summary>Ends the array if this process created it, otherwise detaches from it. Spans taken here become invalid.</summary>
    public void Dispose()
    {
        if (_block.End())
        {
            SharedObjects.Remove(Handle, this);
            _lock.Forget();
            _elements.Unmap();
        }
    }

    private static SharedBlock CreateBlock(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return SharedBlock.Create(SharedKind.Array, BodySize, sizeof(T));
    }

    // A span does not keep the array reachable, and an unreachable array is unmapped under it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Keep()
    {
        _block.ThrowIfEnded();
        if (!_isKept)
        {
            SharedObjects.Keep(this, _block);
            _isKept = true;
        }
    }

    internal sealed class Copier : SharedObjectCopier<SharedArray<T>>
    {
        public override string HandleOf(SharedArray<T> shared) => shared.LiveHandle;

        public override SharedArray<T> Attach(string handle) => SharedArray<T>.Attach(handle);
    }
}
