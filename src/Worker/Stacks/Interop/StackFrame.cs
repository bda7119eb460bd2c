namespace MultiProc.Worker.Stacks.Interop;

/// <summary>A managed method on a stack.</summary>
/// <param name="Module">The path of its module.</param>
/// <param name="Method">The metadata token of the method.</param>
/// <param name="Offset">The offset in its intermediate language.</param>
internal readonly record struct StackFrame(string Module, int Method, int Offset);
