using System.Globalization;
using MultiProc.Worker.Stacks.Interop;

namespace MultiProc.TestDebugger;

/// <summary>Reads an argument: numbers, booleans and strings; anything else shows its kind.</summary>
internal static unsafe class Value
{
    private const int GetArgument = 16;
    private const int KindOf = 3;
    private const int GenericValue = 7;
    private const int IsNull = 7;
    private const int Dereference = 10;
    private const int StringLength = 9;
    private const int StringText = 10;

    private const int Boolean = 2;
    private const int Int32 = 8;
    private const int Int64 = 10;

    private static readonly Guid Generic = new("cc7bcaf8-8a68-11d2-983c-0000f808342d");
    private static readonly Guid Reference = new("cc7bcaf9-8a68-11d2-983c-0000f808342d");
    private static readonly Guid Text = new("cc7bcafd-8a68-11d2-983c-0000f808342d");

    public static string Read(ComObject frame, int index)
    {
        nint found = 0;
        DebuggingException.Check(frame.Call(GetArgument, index, (nint)(&found)), "Reading an argument");
        var value = new ComObject(found);
        var kind = 0;
        DebuggingException.Check(value.Call(KindOf, (nint)(&kind)), "Reading its type");
        return kind switch
        {
            Boolean => Number(value) != 0 ? "true" : "false",
            Int32 => ((int)Number(value)).ToString(CultureInfo.InvariantCulture),
            Int64 => Number(value).ToString(CultureInfo.InvariantCulture),
            _ => value.Is(Reference, out var reference) ? Quoted(reference) : $"kind {kind}",
        };
    }

    private static long Number(ComObject value)
    {
        long number = 0;
        DebuggingException.Check(value.As(Generic).Call(GenericValue, (nint)(&number)), "Reading a number");
        return number;
    }

    private static string Quoted(ComObject reference)
    {
        var isNull = 0;
        DebuggingException.Check(reference.Call(IsNull, (nint)(&isNull)), "Reading a reference");
        if (isNull != 0)
        {
            return "null";
        }

        if (!reference.Get(Dereference, "Following a reference").Is(Text, out var text))
        {
            return "an object";
        }

        var length = 0;
        DebuggingException.Check(text.Call(StringLength, (nint)(&length)), "Reading a string");
        var letters = new char[length + 1];
        fixed (char* first = letters)
        {
            DebuggingException.Check(text.Call(StringText, letters.Length, (nint)(&length), (nint)first), "Reading a string");
        }

        return $"\"{new string(letters, 0, letters.Length - 1)}\"";
    }
}
