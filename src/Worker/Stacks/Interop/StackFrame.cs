namespace MultiProc.Worker.Stacks.Interop;

/// <summary>A managed method on a stack.</summary>
/// <param name="Module">The file it is from.</param>
/// <param name="Method">Its token there.</param>
/// <param name="Offset">Where in its intermediate language it is.</param>
internal readonly record struct StackFrame(string Module, int Method, int Offset);
