using MultiProc.Protocol.Memory;

namespace MultiProc.Sharing;

/// <summary>
/// The shared memory of one object: a header with its kind, its creator and whether it has ended, and a body.
/// </summary>
/// <remarks>
/// Addresses stay valid while this object is reachable, even after <see cref="End"/>: code that uses one must keep the
/// object alive. Every process that has the object can write all of it, on purpose or by mistake. So everything that is
/// read here, above all an index, is validated before it is used: <see cref="Damaged"/>.
/// </remarks>
internal sealed unsafe class SharedBlock
{
    private const int HeaderSize = 64;
    private const uint Magic = 0x4D50_0001;

    private readonly SharedMemory _memory;
    private readonly Header* _header;
    private readonly byte* _body;
    private readonly List<WaitWord> _words = [];
    private readonly ProcessIdentity _creator;
    private volatile bool _isDisposed;

    private SharedBlock(SharedMemory memory, SharedKind kind, ProcessIdentity creator, bool isCreator)
    {
        _memory = memory;
        _header = (Header*)memory.Pointer;
        _body = memory.Pointer + HeaderSize;
        _creator = creator;
        Kind = kind;
        IsCreator = isCreator;
        Name = "Shared" + kind;
    }

    /// <summary>The name of the object in error messages: its type.</summary>
    public string Name { get; set; }

    /// <summary>The size of the body in bytes.</summary>
    public long BodySize => _memory.Length - HeaderSize;

    public SharedKind Kind { get; }

    /// <summary>Whether this process created the block, so that disposing here ends it everywhere.</summary>
    public bool IsCreator { get; }

    public string Handle => _memory.Handle;

    /// <summary>Whether the block was disposed here or ended by its creator.</summary>
    /// <exception cref="ProcessPoolException">Another process wrote into its memory.</exception>
    public bool IsEnded
    {
        get
        {
            if (_isDisposed)
            {
                return true;
            }

            var ended = Volatile.Read(ref _header->Ended);
            if (_header->Magic != Magic || ended is not (0 or 1) || (ended == 1 && IsCreator))
            {
                // It may have been disposed in this process a moment ago.
                return _isDisposed ? true : throw Damaged("its header");
            }

            return ended == 1;
        }
    }

    /// <summary>As <see cref="IsEnded"/>, without an exception.</summary>
    public bool IsEndedOrDamaged => _isDisposed || Volatile.Read(ref _header->Ended) != 0 || _header->Magic != Magic;

    /// <summary>The exception for impossible content.</summary>
    /// <param name="what">Which of its words: the subject of a sentence.</param>
    public ProcessPoolException Damaged(string what) => new(
        $"The control words of a {Name} are damaged ({what}): another process wrote into its memory. It cannot be used any more: dispose of it, and create another.");

    /// <summary>Creates a block whose body is zero.</summary>
    /// <param name="kind">The kind of content.</param>
    /// <param name="bodySize">The size of the body in bytes.</param>
    /// <param name="elementSize">
    /// The size of one element in bytes, for the generic kinds with unmanaged elements.
    /// </param>
    public static SharedBlock Create(SharedKind kind, long bodySize, int elementSize = 0)
    {
        var memory = SharedMemory.Create(HeaderSize + bodySize);
        var block = new SharedBlock(memory, kind, ProcessIdentity.Current, isCreator: true);
        *block._header = new Header { Magic = Magic, Kind = (int)kind, ElementSize = elementSize, Creator = ProcessIdentity.Current.Value };
        return block;
    }

    /// <param name="handle">As <see cref="Handle"/>.</param>
    /// <param name="bodySize">The minimum size of the body in bytes.</param>
    /// <param name="kinds">The allowed kinds of content.</param>
    public static SharedBlock Attach(string handle, long bodySize, params ReadOnlySpan<SharedKind> kinds)
    {
        var memory = SharedMemory.Attach(handle);
        if (memory.Length < HeaderSize + bodySize)
        {
            memory.Dispose();
            throw new InvalidOperationException($"The handle '{handle}' names a block of {memory.Length} bytes, which is no Shared{kinds[0]}.");
        }

        var header = *(Header*)memory.Pointer;
        var kind = (SharedKind)header.Kind;
        if (header.Magic != Magic || !kinds.Contains(kind))
        {
            memory.Dispose();
            throw new InvalidOperationException(
                $"The handle '{handle}' names a block of kind {kind}, not Shared{kinds[0]}. Attach it as what it was created as, with the same version of MultiProc.");
        }

        return new SharedBlock(memory, kind, new ProcessIdentity(header.Creator), isCreator: false);
    }

    /// <summary>Attaches to a block of elements of this size.</summary>
    public static SharedBlock Attach(string handle, long bodySize, SharedKind kind, int elementSize)
    {
        var block = Attach(handle, bodySize, kind);
        var createdWith = block._header->ElementSize;
        if (createdWith == elementSize)
        {
            return block;
        }

        block.End();
        throw new InvalidOperationException(
            $"The Shared{kind} behind the handle '{handle}' has elements of {createdWith} bytes, not of {elementSize}. Attach it with the element type it was created with.");
    }

    /// <summary>The address of a byte of the body.</summary>
    public byte* At(int offset) => _body + offset;

    /// <summary>Registers a word whose waiters are woken when the object ends.</summary>
    public void Register(WaitWord word)
    {
        lock (_words)
        {
            _words.Add(word);
        }
    }

    public void ThrowIfEnded()
    {
        if (IsEnded)
        {
            throw new ObjectDisposedException(Name, _isDisposed ? $"This {Name} was disposed in this process." : Explain("has disposed it"));
        }
    }

    /// <summary>
    /// Also throws if the creator died without ending the block. Costs system calls: for waiters, occasionally.
    /// </summary>
    public void ThrowIfAbandoned()
    {
        ThrowIfEnded();
        if (!_creator.IsAlive)
        {
            throw new ObjectDisposedException(Name, Explain("has exited"));
        }
    }

    /// <summary>
    /// Detaches from the block; in the creator, ends it for all processes. Waiters here, and then everywhere, are woken
    /// at once.
    /// </summary>
    /// <returns>False if it had ended before.</returns>
    public bool End()
    {
        lock (_words)
        {
            if (_isDisposed)
            {
                return false;
            }

            _isDisposed = true;
        }

        if (IsCreator)
        {
            Volatile.Write(ref _header->Ended, 1);
        }

        foreach (var word in _words)
        {
            word.WakeAll();
        }

        _memory.Dispose();
        return true;
    }

    private string Explain(string what) =>
        $"This {Name} has ended: the process that created it ({_creator.ProcessId}) {what}. " +
        "Create it where it outlives its users, as a rule in the host, and dispose it after the pools that use it.";

    private struct Header
    {
        public uint Magic;
        public int Kind;
        public int ElementSize;
        public int Ended;
        public ulong Creator;
    }
}
