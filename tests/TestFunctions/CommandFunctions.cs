using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MultiProc.TestFunctions;

/// <summary>What the specs of the command line call.</summary>
public static class CommandFunctions
{
    /// <summary>A day of the week.</summary>
    public enum Weekday
    {
        /// <summary>The first.</summary>
        Monday,

        /// <summary>The second.</summary>
        Tuesday,
    }

    /// <summary>A point.</summary>
    public sealed record Point(int X, int Y);

    /// <summary>Functions of a nested type.</summary>
    public static class Nested
    {
        /// <summary>Doubles.</summary>
        public static int Twice(int value) => 2 * value;
    }

    public static void ThrowText(string text) => throw new InvalidOperationException(text);

    public static string Reverse(string text) => new([.. text.Reverse()]);

    public static string Greet(string name, string greeting = "Hello") => $"{greeting}, {name}!";

    public static int Total(params int[] numbers) => numbers.Sum();

    public static int Longest(List<string> words) => words.Max(static word => word.Length);

    public static Weekday After(Weekday day) => day + 1;

    public static Point Mirror(Point point) => new(point.Y, point.X);

    public static (int Quotient, int Remainder) Divide(int dividend, int divisor) => Math.DivRem(dividend, divisor);

    public static string Describe(int value) => $"the number {value}";

    public static string Describe(int first, int second) => $"the numbers {first} and {second}";

    public static string Same(int value) => $"int {value}";

    public static string Same(string value) => $"string {value}";

    public static string KindOf(JsonElement value) => value.ValueKind.ToString();

    public static async Task<int> AddLaterAsync(int a, int b, CancellationToken cancellationToken)
    {
        await Task.Delay(1, cancellationToken);
        return a + b;
    }

    public static async ValueTask<string> SoonAsync(string text)
    {
        await Task.Yield();
        return text;
    }

    public static Task DoNothingAsync() => Task.CompletedTask;

    public static void Print(string text) => Console.WriteLine(text);

    // A debugger's breakpoint in it must be met: inlined by what invokes it, it would not be.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Half(int value) =>
        value % 2 == 0 ? value / 2 : throw new InvalidDataException($"{value} is odd.");

    public static int ThrowOwn() => throw new OwnException("of its own type");

    public static int ExitIfNegative(int value)
    {
        if (value < 0)
        {
            Environment.Exit(7);
        }

        return value;
    }

    public static int Sleep(int milliseconds)
    {
        Thread.Sleep(milliseconds);
        return milliseconds;
    }

    public static int SucceedAtTry(int wanted, string journal)
    {
        File.AppendAllText(journal, "try\n");
        var tries = File.ReadAllLines(journal).Length;
        return tries >= wanted ? tries : throw new InvalidDataException($"This is try {tries}.");
    }

    public static int NoteAndDouble(int value, string journal)
    {
        using (var file = OpenAlone(journal))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes($"{value}\n"));
        }

        Thread.Sleep(1);
        return 2 * value;
    }

    // Appending alone does not keep the lines of several processes apart: on Unix, .NET looks for the end when it opens the file, and writes there.
    private static FileStream OpenAlone(string journal)
    {
        while (true)
        {
            try
            {
                return new FileStream(journal, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            }
            catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException))
            {
                Thread.Yield();
            }
        }
    }

    public static bool WaitForFile(string path)
    {
        while (!File.Exists(path))
        {
            Thread.Sleep(5);
        }

        return true;
    }

    public static int ProcessId() => Environment.ProcessId;

    public static string ContextName() => WorkerContext.Current?.Name ?? "none";

    public static string LoadedBy() => typeof(CommandFunctions).Assembly.GetName().Name! + " " + Environment.ProcessId;

    public static T Echo<T>(T value) => value;

    public static int Length(ReadOnlySpan<char> text) => text.Length;

    public static object Cyclic()
    {
        var list = new List<object>();
        list.Add(list);
        return list;
    }

    public static string Mixed(int first, string second) => $"int {first}, string {second}";

    public static string Mixed(string first, int second) => $"string {first}, int {second}";

    public static string Read(Stream stream) => $"stream {stream.Length}";

    public static string Read(string text, Stream? log = null) => $"text {text}{(log is null ? "" : " and a log")}";

    public static string KindsOf(object? value) => value switch
    {
        null => "null",
        object?[] items => $"[{string.Join(", ", items.Select(KindsOf))}]",
        Dictionary<string, object?> members => $"{{{string.Join(", ", members.Select(static member => $"{member.Key}: {KindsOf(member.Value)}"))}}}",
        _ => value.GetType().Name,
    };

    public static double SquareRoot(double value) => Math.Sqrt(value);

    public static object Sealed() => new Envelope("secret");

    public static List<Shape> Shapes() => [new Circle { Radius = 2 }];

    public static Shape OneShape() => new Circle { Radius = 2 };

    public static object Titled() => new TitledList { Title = "numbers" };

    public static string FirstLine(string path) => File.ReadLines(path).First();

    public static string EchoText(string text) => text;

    /// <summary>Its state is shown by nothing.</summary>
    public sealed class Envelope(string content)
    {
        private readonly string _content = content;

        public override string ToString() => _content;
    }

    /// <summary>A shape.</summary>
    public class Shape
    {
        public string Name { get; init; } = "shape";
    }

    /// <summary>A shape that has more than a shape has.</summary>
    public sealed class Circle : Shape
    {
        public int Radius { get; init; }
    }

    /// <summary>A list that has more than its items.</summary>
    public sealed class TitledList : List<int>
    {
        public string? Title { get; init; }
    }

    /// <summary>A base class with a static method.</summary>
    public class Parent
    {
        public static string Which(int value) => $"parent {value}";
    }

    /// <summary>Hides it.</summary>
    public sealed class Child : Parent
    {
        public static new string Which(int value) => $"child {value}";
    }

    /// <summary>An exception whose type only this assembly knows.</summary>
    public sealed class OwnException(string message) : Exception(message);
}
