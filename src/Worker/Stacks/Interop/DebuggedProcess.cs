using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MultiProc.Worker.Stacks.Interop;

/// <summary>Another process that this one has stopped as its debugger, until it detaches.</summary>
internal sealed unsafe class DebuggedProcess
{
    private const int LibraryLoaded = 1;
    private const int NewestDebugger = 4;
    private const int Forever = -1;

    // Detaching takes seconds while the events of attaching are still being reported.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan EventTimeout = TimeSpan.FromMilliseconds(500);

    private readonly ComObject _process;

    private DebuggedProcess(ComObject process) => _process = process;

    /// <summary>The process as a controller, to be stopped and continued.</summary>
    public ComObject Controller => _process;

    /// <exception cref="DebuggingException">The process cannot be attached to.</exception>
    public static DebuggedProcess AttachAndStop(int processId)
    {
        var debugger = CreateDebugger(processId, TargetRuntime.Of(processId));
        DebuggingException.Check(debugger.Call(Slots.Debugger.Initialize), "Starting the debugging library");
        DebuggingException.Check(debugger.Call(Slots.Debugger.SetManagedHandler, ManagedCallback.Pointer), "Setting the handler of events");
        nint process = 0;
        DebuggingException.Check(debugger.Call(Slots.Debugger.DebugActiveProcess, processId, 0, (nint)(&process)), $"Attaching to process {processId}");
        AwaitQuiet();
        var attached = new DebuggedProcess(new ComObject(process));
        attached.Stop();
        return attached;
    }

    public List<ComObject> Threads()
    {
        var threads = _process.Get(Slots.Controller.EnumerateThreads, "Listing the threads");
        List<ComObject> all = [];
        while (true)
        {
            nint thread = 0;
            uint count = 0;
            if (threads.Call(Slots.Enumerator.Next, 1, (nint)(&thread), (nint)(&count)) != 0 || count == 0)
            {
                return all;
            }

            all.Add(new ComObject(thread));
        }
    }

    /// <summary>Detaches and lets the process continue.</summary>
    public void Detach()
    {
        while (HasQueuedEvents())
        {
            DebuggingException.Check(_process.Call(Slots.Controller.Continue, 0), "Continuing");
            AwaitQuiet();
            Stop();
        }

        DebuggingException.Check(_process.Call(Slots.Controller.Detach), "Detaching");
    }

    private static ComObject CreateDebugger(int processId, TargetRuntime runtime)
    {
        // The library must have the version of the runtime that it inspects.
        var library = NativeLibrary.Load(Path.Combine(runtime.Directory, "libmscordbi.so"));

        // The system's loader does not call this function, which initializes the library's layer for the operating
        // system.
        _ = ((delegate* unmanaged<nint, int, nint, int>)NativeLibrary.GetExport(library, "DllMain"))(library, LibraryLoaded, 0);
        var create = (delegate* unmanaged<int, int, char*, char*, nint, nint*, int>)NativeLibrary.GetExport(library, "CoreCLRCreateCordbObject3");
        nint debugger = 0;
        fixed (char* dataAccess = Path.Combine(runtime.Directory, "libmscordaccore.so"))
        {
            DebuggingException.Check(create(NewestDebugger, processId, null, dataAccess, runtime.Address, &debugger), "Creating the debugger");
        }

        return new ComObject(debugger).As(Interfaces.Debugger);
    }

    private static void AwaitQuiet()
    {
        var waited = Stopwatch.StartNew();
        int before;
        do
        {
            before = ManagedCallback.Events;
            Thread.Sleep(Quiet);
        }
        while ((before == 0 || ManagedCallback.Events != before) && waited.Elapsed < EventTimeout);
    }

    private void Stop() => DebuggingException.Check(_process.Call(Slots.Controller.Stop, Forever), "Stopping");

    private bool HasQueuedEvents()
    {
        var any = 0;
        return _process.Call(Slots.Controller.HasQueuedCallbacks, 0, (nint)(&any)) >= 0 && any != 0;
    }
}
