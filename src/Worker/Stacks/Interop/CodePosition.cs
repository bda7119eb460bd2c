using System.Runtime.InteropServices;

namespace MultiProc.Worker.Stacks.Interop;

/// <summary>Where a frame is in the intermediate language of its method.</summary>
internal sealed unsafe class CodePosition(ComObject frame)
{
    /// <param name="isReturn">
    /// Whether the frame waits for a call to return. The instruction that comes next may belong to the next line, so what counts is the one before it.
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

    // What has no counterpart in the language has a negative offset there.
    private static int? Find(Range[] map, int native)
    {
        var (offset, start, end) = map.Where(range => range.Offset >= 0 && range.Start <= native).DefaultIfEmpty(new Range(-1, 0, 0)).MaxBy(static range => range.Start);
        if (offset < 0)
        {
            return null;
        }

        // A call that ends a range is the last that it was compiled from: a line may begin within it.
        var next = map.Where(range => range.Offset > offset).Select(static range => range.Offset).DefaultIfEmpty(offset + 1).Min();
        return native == end - 1 && start < end ? next - 1 : offset;
    }

    /// <summary>A part of the native code and what it was compiled from. The library fills it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Range(int Offset, int Start, int End);
}
