using System.Runtime.CompilerServices;
using MultiProc.Boundary;
using MultiProc.Sharing;

namespace MultiProc;

/// <summary>
/// One value in memory that several processes see. It crosses to a worker live. The counterpart of Python's <c>multiprocessing.Value</c>.
/// </summary>
/// <remarks>
/// <para>
/// Reading and writing <see cref="Value"/> are each indivisible for any size, also when a writer's process is killed in between; but
/// <c>v.Value = v.Value + 1</c> is two steps. For that use <see cref="Add"/>, which costs no lock and no system call, or hold <see cref="Lock"/>.
/// Unlike Python's, the lock is not taken implicitly: reading and writing do not wait for its holder.
/// </para>
/// <para>
/// It lives until the process that created it disposes it or exits. Disposing it in another process only detaches that process.
/// All members are safe to call from any number of threads.
/// </para>
/// </remarks>
/// <typeparam name="T">A type without references, such as a number or a struct of numbers.</typeparam>
[SharedObject(typeof(SharedValue<>.Copier))]
public sealed unsafe class SharedValue<T> : IDisposable
    where T : unmanaged
{
    private const int WriteLockOffset = RobustLock.Size;
    private const int ValueOffset = WriteLockOffset + RobustLock.Size;

    private readonly SharedBlock _block;
    private readonly RobustLock _writeLock;
    private readonly CrashSafeCell<T> _large;
    private readonly long* _small;
    private readonly SharedLock _lock;

    /// <summary>Creates a value.</summary>
    /// <param name="initial">What it is at first.</param>
    public SharedValue(T initial = default)
        : this(SharedBlock.Create(SharedKind.Value, ValueOffset + CrashSafeCell<T>.Size, sizeof(T)))
    {
        SharedObjects.Add(_block.Handle, this, _block);
        Value = initial;
    }

    private SharedValue(SharedBlock block)
    {
        _block = block;
        block.Name = $"SharedValue<{typeof(T).Name}>";
        _writeLock = new RobustLock(block, WriteLockOffset);
        _large = new CrashSafeCell<T>(block, ValueOffset);
        _small = (long*)block.At(ValueOffset);
        _lock = SharedLock.PartOf(block, 0);
    }

    /// <summary>The value. Reading never gives a mixture of two values.</summary>
    /// <exception cref="ObjectDisposedException">The value was disposed here or by its creator.</exception>
    public T Value
    {
        get
        {
            _block.ThrowIfEnded();
            var value = IsSmall ? Narrow(Volatile.Read(ref *_small)) : _large.Read();
            GC.KeepAlive(_block);
            return typeof(T) != typeof(decimal) || IsNumber(Unsafe.BitCast<T, decimal>(value)) ? value : throw _block.Damaged("bits that are no decimal");
        }

        set
        {
            _block.ThrowIfEnded();
            if (IsSmall)
            {
                Volatile.Write(ref *_small, Widen(value));
                GC.KeepAlive(_block);
                return;
            }

            _writeLock.Enter();
            _large.Write(value);
            _writeLock.Exit();
        }
    }

    /// <summary>A lock that belongs to this value, for changes of several steps. Nothing takes it implicitly.</summary>
    /// <exception cref="ObjectDisposedException">The value was disposed here or by its creator.</exception>
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
            return _block.Handle;
        }
    }

    private static bool IsSmall => sizeof(T) <= sizeof(long);

    private static bool IsInteger =>
        typeof(T) == typeof(sbyte) || typeof(T) == typeof(byte) || typeof(T) == typeof(short) || typeof(T) == typeof(ushort)
        || typeof(T) == typeof(int) || typeof(T) == typeof(uint) || typeof(T) == typeof(long) || typeof(T) == typeof(ulong)
        || typeof(T) == typeof(nint) || typeof(T) == typeof(nuint);

    private static SharedValue<T> Attach(string handle) =>
        SharedObjects.GetOrAttach(handle, static handle => new SharedValue<T>(SharedBlock.Attach(handle, ValueOffset + CrashSafeCell<T>.Size, SharedKind.Value, sizeof(T))));

    /// <summary>Adds in one indivisible step. For the integer types up to 64 bits.</summary>
    /// <param name="amount">What to add; negative to subtract.</param>
    /// <returns>The new value. Overflow wraps around, as with <see cref="Interlocked.Add(ref long, long)"/>.</returns>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is not such a type.</exception>
    /// <exception cref="ObjectDisposedException">The value was disposed here or by its creator.</exception>
    public T Add(T amount)
    {
        if (!IsInteger)
        {
            throw new NotSupportedException(
                $"SharedValue<{typeof(T).Name}>.Add: {typeof(T)} has no indivisible addition; sbyte to ulong, nint and nuint have. " +
                "Hold the value's Lock while you read, add and write.");
        }

        _block.ThrowIfEnded();

        // The low bits of a sum do not depend on the high ones: so the addition of the widest type serves all.
        var sum = Interlocked.Add(ref *_small, Widen(amount));
        GC.KeepAlive(_block);
        return Narrow(sum);
    }

    /// <summary>Ends the value if this process created it, otherwise detaches from it.</summary>
    public void Dispose()
    {
        if (_block.End())
        {
            SharedObjects.Remove(_block.Handle, this);
            _lock.Forget();
        }
    }

    // The framework's arithmetic relies on that: of others, it may write where it should not.
    private static bool IsNumber(decimal value)
    {
        const int UnusedBits = 0x7F00FFFF;
        const int MaxScale = 28;
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        return (bits[3] & UnusedBits) == 0 && ((bits[3] >> 16) & 0xFF) <= MaxScale;
    }

    private static long Widen(T value)
    {
        var wide = 0L;
        Unsafe.As<long, T>(ref wide) = value;
        return wide;
    }

    private static T Narrow(long wide) => Unsafe.As<long, T>(ref wide);

    internal sealed class Copier : SharedObjectCopier<SharedValue<T>>
    {
        public override string HandleOf(SharedValue<T> shared) => shared.LiveHandle;

        public override SharedValue<T> Attach(string handle) => SharedValue<T>.Attach(handle);
    }
}
