namespace MultiProc.Worker.Stacks.Interop;

/// <summary>
/// The positions in the function tables of the debugging interfaces (ICorDebug and its family). 0 to 2 are those of
/// IUnknown.
/// </summary>
internal static class Slots
{
    public static class Debugger
    {
        public const int Initialize = 3;
        public const int SetManagedHandler = 5;
        public const int DebugActiveProcess = 8;
    }

    /// <summary>A process or an application domain.</summary>
    public static class Controller
    {
        public const int Stop = 3;
        public const int Continue = 4;
        public const int HasQueuedCallbacks = 6;
        public const int EnumerateThreads = 7;
        public const int Detach = 9;
    }

    public static class Enumerator
    {
        public const int Next = 7;
    }

    public static class Thread
    {
        public const int GetId = 4;
        public const int CreateStackWalk = 3;
    }

    public static class StackWalk
    {
        public const int Next = 5;
        public const int GetFrame = 6;
    }

    public static class Frame
    {
        public const int GetCode = 4;
        public const int GetFunction = 5;
        public const int GetInstructionPointer = 11;
    }

    public static class Code
    {
        public const int GetMapping = 10;
    }

    public static class Function
    {
        public const int GetModule = 3;
        public const int GetToken = 5;
    }

    public static class Module
    {
        public const int GetName = 6;
    }
}
