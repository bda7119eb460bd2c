using MultiProc.Worker.Stacks.Interop;

namespace MultiProc.TestDebugger;

/// <summary>One process that is debugged. Stopped from attaching until <see cref="Continue"/>.</summary>
internal sealed unsafe class Session
{
    private const int CreateStepper = 10;
    private const int ActiveFrame = 15;
    private const int StepRange = 8;
    private const int Activate = 3;
    private const int SetBreakpoint = 7;
    private const int IntermediateCode = 6;
    private const int FunctionFromToken = 9;

    private readonly DebuggedProcess _process;
    private readonly List<ComObject> _breakpoints = [];
    private ComObject _frame;

    private Session(DebuggedProcess process) => _process = process;

    public static Session Attach(int processId)
    {
        Events.Install();
        return new Session(DebuggedProcess.AttachAndStop(processId));
    }

    /// <summary>A breakpoint in code that is loaded already; false when no module has such a line.</summary>
    public bool Break(string file, int line)
    {
        foreach (var module in Events.Modules)
        {
            if (Source.Find(DebuggedThread.NameOf(module), file, line) is { } place)
            {
                nint function = 0;
                DebuggingException.Check(module.Call(FunctionFromToken, place.Method, (nint)(&function)), "Finding the function");
                var code = new ComObject(function).Get(IntermediateCode, "Finding its code");
                nint breakpoint = 0;
                DebuggingException.Check(code.Call(SetBreakpoint, place.Offset, (nint)(&breakpoint)), "Setting a breakpoint");
                _breakpoints.Add(new ComObject(breakpoint));
                DebuggingException.Check(_breakpoints[^1].Call(Activate, 1), "Activating it");
                return true;
            }
        }

        return false;
    }

    public void Continue() => DebuggingException.Check(_process.Controller.Call(Slots.Controller.Continue, 0), "Continuing");

    public void Pause() => DebuggingException.Check(_process.Controller.Call(Slots.Controller.Stop, -1), "Stopping");

    /// <summary>Waits until it stops; tells why, and where it is.</summary>
    public string WaitForStop()
    {
        var (thread, reason) = Events.Stops.Take();
        if (thread.IsNull)
        {
            return reason;
        }

        _frame = thread.Get(ActiveFrame, "Finding the innermost frame").As(Interfaces.ManagedFrame);
        var (module, method, offset) = Position();
        return $"{reason} {Source.Describe(module, method, offset)}";
    }

    /// <summary>The arguments of the function in which it stopped: <c>name=value</c>, with spaces between.</summary>
    public string Arguments()
    {
        var (module, method, _) = Position();
        return string.Join(' ', Source.Parameters(module, method).Select((name, index) => $"{name}={Value.Read(_frame, index)}"));
    }

    /// <summary>To the next line, over what it calls.</summary>
    public void Step()
    {
        var (module, method, offset) = Position();
        var (start, end) = Source.LineAround(module, method, offset);
        var stepper = _frame.Get(CreateStepper, "Preparing a step");
        var range = stackalloc int[] { start, end };
        DebuggingException.Check(stepper.Call(StepRange, 0, (nint)range, 1), "Stepping");
        Continue();
    }

    public void Detach()
    {
        foreach (var breakpoint in _breakpoints)
        {
            _ = breakpoint.Call(Activate, 0);
        }

        _process.Detach();
    }

    private (string Module, int Method, int Offset) Position()
    {
        var function = _frame.Get(Slots.Frame.GetFunction, "Finding the function");
        var method = 0;
        DebuggingException.Check(function.Call(Slots.Function.GetToken, (nint)(&method)), "Reading its token");
        return (DebuggedThread.NameOf(function.Get(Slots.Function.GetModule, "Finding its module")), method, new CodePosition(_frame).Offset(isReturn: false));
    }
}
