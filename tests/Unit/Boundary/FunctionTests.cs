using System.Linq.Expressions;
using System.Reflection.Emit;

namespace MultiProc.Unit.Boundary;

public sealed class FunctionTests
{
    private readonly string _name = "test";
    private readonly Stream _stream = Stream.Null;

    [Fact]
    public void Static_methods_and_lambdas_without_captures_cross()
    {
        Assert.Equal(3, Crossing.Function(TestFunctions.Arithmetic.Add)(1, 2));
        Assert.Equal(4, Crossing.Function(static (int x) => x * 2)(2));
        Assert.Equal(5, Crossing.Function<Func<string, int>>(int.Parse)("5"));
        Assert.Equal("A", Crossing.Function<Func<string>>("a".ToUpperInvariant)());
    }

    [Fact]
    public void A_lambda_brings_what_it_captured_at_that_moment()
    {
        var number = 1;
        var list = new List<int> { 1 };
        Func<int> function = () => number + list.Count;
        var copy = Crossing.Function(function);
        number = 100;
        list.Add(2);
        Assert.Equal(2, copy());
    }

    [Fact]
    public void A_lambda_brings_only_the_variables_that_its_own_body_uses()
    {
        var used = 1;
        var neighbour = new BufferedStream(Stream.Null);
        Func<int> function = () => used;
        Func<long> other = () => neighbour.Length;
        Assert.Equal(1, Crossing.Function(function)());
        Assert.Equal("neighbour", Crossing.FunctionRefused(other).Path);
    }

    [Fact]
    public void Variables_of_enclosing_scopes_and_nested_lambdas_are_found()
    {
        var outer = 1;
        var neighbour = Stream.Null;
        for (var i = 0; i < 2; i++)
        {
            var inner = 10 * i;
            Func<int, int> function = x =>
            {
                Func<int> nested = () => outer + inner + x;
                return nested();
            };
            Func<Stream> unused = () => neighbour;
            Assert.Equal(1 + inner + 5, Crossing.Function(function)(5));
            Assert.NotNull(unused());
        }
    }

    [Fact]
    public async Task Async_lambdas_iterators_and_local_functions_find_their_variables()
    {
        var used = 3;
        var neighbour = Stream.Null;
        Func<Task<int>> task = async () =>
        {
            await Task.Yield();
            Func<Task<int>> nested = async () =>
            {
                await Task.Yield();
                return used;
            };
            return await nested();
        };
        Func<ValueTask<int>> valueTask = async () =>
        {
            await Task.Yield();
            return used;
        };
        Func<int[]> iterator = () => Count().ToArray();
        Func<Stream> unused = () => neighbour;
        Assert.Equal(3, await Crossing.Function(task)());
        Assert.Equal(3, await Crossing.Function(valueTask)());
        Assert.Equal([3, 4], Crossing.Function(iterator)());
        Assert.Equal(6, Crossing.Function<Func<int>>(Local)());
        Assert.Equal(9, Crossing.Function<Func<int>>(() => Local() + Struct())());
        Assert.NotNull(unused());

        int Local() => used * 2;

        int Struct() => used;

        IEnumerable<int> Count()
        {
            yield return used;
            yield return used + 1;
        }
    }

    [Fact]
    public void A_recursive_lambda_crosses()
    {
        Func<int, int> fibonacci = null!;
        fibonacci = n => n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
        Assert.Equal(55, Crossing.Function(fibonacci)(10));

        Func<int, bool> even = null!, odd = null!;
        even = n => n == 0 || odd(n - 1);
        odd = n => n != 0 && even(n - 1);
        Assert.True(Crossing.Function(even)(10));
        Assert.False(Crossing.Function(odd)(10));
    }

    [Fact]
    public void Two_lambdas_of_one_scope_share_their_variables()
    {
        int first = 1, second = 2, shared = 0;
        Func<int> one = () => shared += first;
        Func<int> two = () => shared += second;
        var (left, right) = Crossing.Copy((one, two));
        Assert.Equal(1, left());
        Assert.Equal(3, right());
        Assert.Equal(4, left());
        Assert.Equal(0, shared);
    }

    [Fact]
    public void An_object_captured_and_passed_is_one_object()
    {
        var list = new List<int>();
        Action add = () => list.Add(1);
        var (function, argument) = Crossing.Copy((add, list));
        function();
        Assert.Equal([1], argument);
    }

    [Fact]
    public void Instance_methods_bring_their_instance()
    {
        Assert.Equal("hello test", Crossing.Function(new Greeter { Name = "test" }.Greet)("hello"));
        Assert.Equal(25, Crossing.Function<Func<int>>(new Point { X = 25 }.Get)());
        Assert.Equal(2, Crossing.Function<Func<int, bool>>(new Dictionary<int, string> { [1] = "ab" }.ContainsKey)(1) ? 2 : 0);
    }

    [Fact]
    public void Extension_methods_generic_methods_and_methods_of_generic_types_cross()
    {
        Assert.Equal("abab", Crossing.Function<Func<string>>("ab".Twice)());
        Assert.Equal("System.Int32", Crossing.Function<Func<string>>(Generic<int>.Name<string>)());
        Assert.Equal("String", Crossing.Function<Func<string>>(new Generic<string>().Instance)());
        Assert.Equal([1, 2], Crossing.Function<Func<IEnumerable<int>, List<int>>>(Enumerable.ToList)([1, 2]));
        Assert.Equal(5, Capture(5)());

        static Func<T> Capture<T>(T value) => Crossing.Function<Func<T>>(() => value);
    }

    [Fact]
    public void Delegates_of_several_methods_and_of_own_delegate_types_cross()
    {
        var log = new List<string>();
        Action<string> both = log.Add;
        both += text => log.Add(text + "!");
        var (function, copy) = Crossing.Copy((both, log));
        function("a");
        Assert.Equal(["a", "a!"], copy);
        Assert.Equal(3, Crossing.Function<Sum>((in int a, ref int b) => a + b)(1, ref copy.Capacity < 0 ? ref _unused : ref _two));
    }

    private static int _two = 2;
    private static int _unused;

    [Fact]
    public void Delegates_in_members_and_events_cross()
    {
        var source = new Source();
        source.Changed += source.Handle;
        source.Rule = x => x + 1;
        var copy = Crossing.Copy(source);
        copy.Raise();
        Assert.Equal(1, copy.Count);
        Assert.Equal(0, source.Count);
        Assert.Equal(2, copy.Rule!(1));
    }

    [Fact]
    public void This_crosses_when_a_lambda_uses_it_and_is_refused_by_name_when_it_cannot()
    {
        Func<string> function = () => _name;
        var refusal = Crossing.FunctionRefused(function);
        Assert.Equal("this._stream", refusal.Path);
        Assert.Contains(
            nameof(FunctionTests) + "." + nameof(This_crosses_when_a_lambda_uses_it_and_is_refused_by_name_when_it_cannot), refusal.Message);
        Assert.Contains("`this`", refusal.Message);
        Assert.NotNull(_stream);

        var local = _name;
        Func<string> together = () => local + _name;
        Assert.Equal("this._stream", Crossing.FunctionRefused(together).Path);
    }

    [Fact]
    public void A_refused_capture_is_named_by_its_variable()
    {
        var db = new { Connection = (object)Stream.Null };
        Assert.Equal("db.Connection", Crossing.FunctionRefused(() => db.Connection).Path);
        var handlers = new List<Func<object>> { () => db };
        Assert.Equal("arg[0].db.Connection", Crossing.Refused(handlers).Path);
    }

    [Fact]
    public void Code_made_at_run_time_is_refused()
    {
        Expression<Func<int>> expression = () => 5;
        Assert.Contains("compiled into an assembly", Crossing.FunctionRefused(expression.Compile()).Message);
        var method = new DynamicMethod("dynamic", typeof(int), []);
        method.GetILGenerator().Emit(OpCodes.Ldc_I4_5);
        method.GetILGenerator().Emit(OpCodes.Ret);
        Assert.Contains("compiled into an assembly", Crossing.FunctionRefused(method.CreateDelegate<Func<int>>()).Message);
        Assert.Contains("delegate", Crossing.Refused(expression).Message);
    }

    private delegate int Sum(in int a, ref int b);

    private sealed class Greeter
    {
        public string Name { get; init; } = "";

        public string Greet(string greeting) => $"{greeting} {Name}";
    }

    private struct Point
    {
        public int X;

        public readonly int Get() => X;
    }

    private sealed class Generic<T>
    {
        public static string Name<TOther>() => typeof(TOther) == typeof(string) ? typeof(T).FullName! : "";

        public string Instance() => typeof(T).Name;
    }

    private sealed class Source
    {
        public event Action? Changed;

        public Func<int, int>? Rule { get; set; }

        public int Count { get; private set; }

        public void Handle() => Count++;

        public void Raise() => Changed?.Invoke();
    }
}

internal static class FunctionTestExtensions
{
    public static string Twice(this string text) => text + text;
}
