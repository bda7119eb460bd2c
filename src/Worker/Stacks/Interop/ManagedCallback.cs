using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MultiProc.Worker.Stacks.Interop;

/// <summary>
/// The callback object for the target's events: a native object with four interfaces. Each event stops the target until
/// it is continued, so each is answered by continuing. One function serves all events: the process or domain to
/// continue is the first argument of every event, except of the only one of the third interface, where it is the
/// second; and the caller cleans up unused arguments.
/// </summary>
internal static unsafe class ManagedCallback
{
    private const int NoInterface = unchecked((int)0x80004002);
    private const int ThirdInterface = 2;

    private static readonly nint* Object = Create();

    private static int _events;

    public static nint Pointer => (nint)Object;

    /// <summary>The number of events so far. On attaching, everything that exists already is reported.</summary>
    public static int Events => Volatile.Read(ref _events);

    private static nint* Create()
    {
        var parts = (nint*)NativeMemory.Alloc((nuint)Interfaces.Callbacks.Length, (nuint)sizeof(nint));
        for (var i = 0; i < Interfaces.Callbacks.Length; i++)
        {
            var table = (nint*)NativeMemory.Alloc((nuint)(3 + Interfaces.Callbacks[i].Functions), (nuint)sizeof(nint));
            table[0] = (nint)(delegate* unmanaged<nint, Guid*, nint*, int>)&QueryInterface;
            table[1] = table[2] = (nint)(delegate* unmanaged<nint, uint>)&CountReference;
            var answer = i == ThirdInterface
                ? (nint)(delegate* unmanaged<nint, nint, nint, int>)&OnEventOfThread
                : (nint)(delegate* unmanaged<nint, nint, int>)&OnEvent;
            new Span<nint>(table + 3, Interfaces.Callbacks[i].Functions).Fill(answer);
            parts[i] = (nint)table;
        }

        return parts;
    }

    [UnmanagedCallersOnly]
    private static int QueryInterface(nint self, Guid* id, nint* found)
    {
        var index = *id == Interfaces.Unknown ? 0 : Array.FindIndex(Interfaces.Callbacks, callback => callback.Id == *id);
        *found = index < 0 ? 0 : (nint)(Object + index);
        return index < 0 ? NoInterface : 0;
    }

    // Reference counting is not needed: the object lives as long as the process.
    [UnmanagedCallersOnly]
    private static uint CountReference(nint self) => 1;

    [UnmanagedCallersOnly]
    private static int OnEvent(nint self, nint controller) => Continue(controller);

    [UnmanagedCallersOnly]
    private static int OnEventOfThread(nint self, nint thread, nint controller) => Continue(controller);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Continue(nint controller)
    {
        Interlocked.Increment(ref _events);
        _ = new ComObject(controller).Call(Slots.Controller.Continue, 0);
        return 0;
    }
}
