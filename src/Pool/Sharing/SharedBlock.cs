using MultiProc.Protocol.Memory;

namespace MultiProc.Sharing;

/// <summary>The shared memory of one object: a header that says what it is, who made it and whether it has ended, and a body.</summary>
/// <remarks>Addresses stay valid while this object is reachable, also after <see cref="End"/>: code that uses one keeps it alive until it is done.</remarks>
internal sealed unsafe class SharedBlock
{
    private const int HeaderSize = 64;
    private const uint Magic = 0x4D50_0001;

    private readonly SharedMemory _memory;
    private readonly Header* _header;
    private readonly byte* _body;
    private readonly List<WaitWord> _words = [];
    private volatile bool _isDisposed;

    private SharedBlock(SharedMemory memory, SharedKind kind, bool isCreator)
    {
        _memory = memory;
        _header = (Header*)memory.Pointer;
        _body = memory.Pointer + HeaderSize;
        Kind = kind;
        IsCreator = isCreator;
    }

    public SharedKind Kind { get; }

    /// <summary>Whether this process made it, so that disposing here ends it everywhere.</summary>
    public bool IsCreator { get; }

    public string Handle => _memory.Handle;

    /// <summary>Whether it was disposed here or ended by its creator.</summary>
    public bool IsEnded => _isDisposed || Volatile.Read(ref _header->Ended) != 0;

    private string TypeName => "Shared" + Kind;

    /// <summary>Makes a block whose body is zero.</summary>
    /// <param name="kind">What it holds.</param>
    /// <param name="bodySize">Bytes of the body.</param>
    /// <param name="elementSize">Bytes of one element, for the generic kinds of unmanaged elements.</param>
    public static SharedBlock Create(SharedKind kind, long bodySize, int elementSize = 0)
    {
        var memory = SharedMemory.Create(HeaderSize + bodySize);
        var block = new SharedBlock(memory, kind, isCreator: true);
        *block._header = new Header { Magic = Magic, Kind = (int)kind, ElementSize = elementSize, Creator = ProcessIdentity.Current.Value };
        return block;
    }

    public static SharedBlock Attach(string handle, params ReadOnlySpan<SharedKind> kinds)
    {
        var memory = SharedMemory.Attach(handle);
        var header = (Header*)memory.Pointer;
        var kind = (SharedKind)header->Kind;
        if (memory.Length < HeaderSize || header->Magic != Magic || !kinds.Contains(kind))
        {
            memory.Dispose();
            throw new InvalidOperationException(
                $"The handle '{handle}' names a block of kind {kind}, not Shared{kinds[0]}. Attach it as what it was created as, with the same version of MultiProc.");
        }

        return new SharedBlock(memory, kind, isCreator: false);
    }

    /// <summary>Attaches to a block of elements of the given size.</summary>
    public static SharedBlock Attach(string handle, SharedKind kind, int elementSize)
    {
        var block = Attach(handle, kind);
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

    /// <summary>Has the waiters of <paramref name="word"/> look again when the object ends.</summary>
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
            throw new ObjectDisposedException(TypeName, _isDisposed ? $"This {TypeName} was disposed in this process." : Explain("has disposed it"));
        }
    }

    /// <summary>Also notices that the creator died without a word. Costs system calls: for waiters, now and then.</summary>
    public void ThrowIfAbandoned()
    {
        ThrowIfEnded();
        if (!new ProcessIdentity(_header->Creator).IsAlive)
        {
            throw new ObjectDisposedException(TypeName, Explain("has exited"));
        }
    }

    /// <summary>Detaches; in the creator, ends the object for all. Waiters here, and then everywhere, learn of it at once.</summary>
    /// <returns>False when it had been done before.</returns>
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
        $"This {TypeName} has ended: the process that created it ({new ProcessIdentity(_header->Creator).ProcessId}) {what}. " +
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
