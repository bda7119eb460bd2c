using System.Runtime.InteropServices;

namespace MultiProc.Worker.Stacks.Interop;

/// <summary>The position of a frame in the intermediate language of its method.</summary>
internal sealed unsafe class CodePosition(ComObject frame)
{
    /// <param name="isReturn">
    /// Whether the frame waits for a call to return. The next instruction may belong to the next line, so the one
    /// before it counts.
    /// </param>
    public int Offset(bool isReturn)
    {
        var native = 0;
        if (isReturn && frame.Is(Interfaces.NativeFrame, out var compiled)
            && compiled.Call(Slots.Frame.GetInstructionPointer, (nint)(&native)) >= 0 && InMapping(compiled, native - 1) is { } found)
        {
            return found;
        }

        var offset = 0;
        var precision = 0;
        _ = frame.Call(Slots.Frame.GetInstructionPointer, (nint)(&offset), (nint)(&precision));
        return offset;
    }

    private static int? InMapping(ComObject frame, int native)
    {
        nint code = 0;
        var count = 0;
        if (frame.Call(Slots.Frame.GetCode, (nint)(&code)) < 0 || new ComObject(code).Call(Slots.Code.GetMapping, 0, (nint)(&count), 0) < 0)
        {
            return null;
        }

        var map = new Range[count];
        fixed (Range* first = map)
        {
            if (new ComObject(code).Call(Slots.Code.GetMapping, count, (nint)(&count), (nint)first) < 0)
            {
                return null;
            }
        }

        return Find(map, native);
    }

    // Code without a counterpart in the intermediate language has a negative offset there.
    private static int? Find(Range[] map, int native)
    {
        var (offset, start, end) = map.Where(range => range.Offset >= 0 && range.Start <= native).DefaultIfEmpty(new Range(-1, 0, 0)).MaxBy(static range => range.Start);
        if (offset < 0)
        {
            return null;
        }

        // A call at the end of a range is the last instruction compiled from it: a line may begin within the range.
        var next = map.Where(range => range.Offset > offset).Select(static range => range.Offset).DefaultIfEmpty(offset + 1).Min();
        return native == end - 1 && start < end ? next - 1 : offset;
    }

    /// <summary>A range of native code and the code that it was compiled from. Filled by the library.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Range(int Offset, int Start, int End);
}
