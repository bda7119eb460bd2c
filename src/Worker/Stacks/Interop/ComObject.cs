namespace MultiProc.Worker.Stacks.Interop;

/// <summary>
/// A COM object of the debugging library, called by position in its function table. Objects are not released: this
/// process exits a moment later, and some objects must not be released while the target runs.
/// </summary>
internal readonly unsafe struct ComObject(nint pointer)
{
    private const int QueryInterface = 0;

    public bool IsNull => pointer == 0;

    public nint Pointer => pointer;

    /// <returns>Whether the object has the interface.</returns>
    public bool Is(Guid id, out ComObject other)
    {
        nint found = 0;
        var result = Call(QueryInterface, (nint)(&id), (nint)(&found));
        other = new ComObject(found);
        return result >= 0;
    }

    public ComObject As(Guid id) =>
        Is(id, out var other) ? other : throw new DebuggingException($"The debugging library does not know the interface {id}.");

    /// <summary>Calls a function whose only parameter receives an object.</summary>
    public ComObject Get(int slot, string what)
    {
        nint found = 0;
        DebuggingException.Check(Call(slot, (nint)(&found)), what);
        return new ComObject(found);
    }

    public int Call(int slot) => ((delegate* unmanaged<nint, int>)Function(slot))(pointer);

    public int Call(int slot, nint a) => ((delegate* unmanaged<nint, nint, int>)Function(slot))(pointer, a);

    public int Call(int slot, nint a, nint b) => ((delegate* unmanaged<nint, nint, nint, int>)Function(slot))(pointer, a, b);

    public int Call(int slot, nint a, nint b, nint c) => ((delegate* unmanaged<nint, nint, nint, nint, int>)Function(slot))(pointer, a, b, c);

    private nint Function(int slot) => (*(nint**)pointer)[slot];
}
