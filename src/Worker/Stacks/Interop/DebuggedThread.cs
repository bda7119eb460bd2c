namespace MultiProc.Worker.Stacks.Interop;

/// <summary>A thread of a stopped process.</summary>
internal sealed unsafe class DebuggedThread(ComObject thread)
{
    private const int MaxFrames = 200;
    private const int MaxPathLength = 4096;

    // All frames of a module return the same object.
    private static readonly Dictionary<nint, string> Modules = [];

    /// <summary>The operating system's thread id; 0 when the thread has ended.</summary>
    public int Id
    {
        get
        {
            var id = 0;
            return thread.Call(Slots.Thread.GetId, (nint)(&id)) >= 0 ? id : 0;
        }
    }

    /// <summary>The managed frames, innermost first. Of a very deep stack only the innermost ones.</summary>
    public List<StackFrame> Frames()
    {
        List<StackFrame> frames = [];
        var walk = thread.As(Interfaces.ThreadWithStackWalk).Get(Slots.Thread.CreateStackWalk, "Walking a stack");

        // Only the innermost frame of all is at its next instruction. The others, also those that called native code,
        // are at the instruction to which a call will return.
        var isReturn = false;
        do
        {
            nint frame = 0;
            if (walk.Call(Slots.StackWalk.GetFrame, (nint)(&frame)) >= 0 && frame != 0
                && new ComObject(frame).Is(Interfaces.ManagedFrame, out var managed) && Read(managed, isReturn) is { } found)
            {
                frames.Add(found);
            }

            isReturn = true;
        }
        while (frames.Count < MaxFrames && walk.Call(Slots.StackWalk.Next) == 0);
        return frames;
    }

    private static StackFrame? Read(ComObject frame, bool isReturn)
    {
        nint function = 0;
        var token = 0;
        if (frame.Call(Slots.Frame.GetFunction, (nint)(&function)) < 0
            || new ComObject(function).Call(Slots.Function.GetToken, (nint)(&token)) < 0)
        {
            // A module created at run time has no name.
            return null;
        }

        var module = new ComObject(function).Get(Slots.Function.GetModule, "Reading a module");
        return new StackFrame(NameOf(module), token, new CodePosition(frame).Offset(isReturn));
    }

    /// <summary>The path of a module.</summary>
    public static string NameOf(ComObject module)
    {
        if (!Modules.TryGetValue(module.Pointer, out var name))
        {
            var text = stackalloc char[MaxPathLength];
            var length = 0;
            _ = module.Call(Slots.Module.GetName, MaxPathLength, (nint)(&length), (nint)text);
            Modules[module.Pointer] = name = new string(text);
        }

        return name;
    }
}
