using System.Reflection;
using System.Runtime.CompilerServices;
using MultiProc.Worker.Stacks.Symbols;

namespace MultiProc.Unit.Stacks;

public sealed class ModuleSymbolsTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    private static readonly ModuleSymbols Own = new(typeof(Places).Assembly.Location);

    [Fact]
    public void Parameters_have_the_short_names_of_their_types() =>
        Assert.StartsWith(
            "MultiProc.Unit.Stacks.Places.Plain(String text, Int32[] numbers, Int64& total, List`1 names, KeyCollection keys) in ",
            Describe(Method(typeof(Places), nameof(Places.Plain))), StringComparison.Ordinal);

    [Fact]
    public void Type_parameters_are_named() =>
        Assert.StartsWith(
            "MultiProc.Unit.Stacks.Places.Generic[T,TOther](T first, TOther[,] others, Byte* bytes)",
            Describe(Method(typeof(Places), nameof(Places.Generic))), StringComparison.Ordinal);

    [Fact]
    public void A_nested_type_follows_the_one_it_is_in() =>
        Assert.StartsWith(
            "MultiProc.Unit.Stacks.Places.Nest`1.Put(TItem item, Nest`1 next)",
            Describe(Method(typeof(Places.Nest<>), "Put")), StringComparison.Ordinal);

    [Fact]
    public void A_method_is_found_at_its_line_in_its_file()
    {
        var total = 0L;
        Places.Plain("", [], ref total, null, new Dictionary<int, string>().Keys);
        var method = Method(typeof(Places), nameof(Places.Plain));

        var lines = Enumerable.Range(0, method.GetMethodBody()!.GetILAsByteArray()!.Length).Select(offset => LineOf(Describe(method, offset))).ToList();

        Assert.EndsWith("Places.cs", Describe(method).Split(" in ")[1].Split(":line ")[0], StringComparison.Ordinal);
        Assert.Equal(lines.Order(), lines);
        Assert.Contains(Places.PlainLine, lines);
        Assert.Contains(Places.PlainLine + 1, lines);
    }

    [Fact]
    public void A_state_machine_is_called_after_the_overload_that_it_belongs_to()
    {
        var machines = typeof(Places).GetMethods(Any).Where(static method => method.Name == nameof(Places.Later)).Select(MoveNext).ToList();

        Assert.Equal(
            ["MultiProc.Unit.Stacks.Places.Later(Int32 count)", "MultiProc.Unit.Stacks.Places.Later(String text)"],
            machines.Select(static method => Describe(method).Split(" in ")[0]).Order());
    }

    [Fact]
    public void So_is_an_iterator() =>
        Assert.StartsWith(
            "MultiProc.Unit.Stacks.Places.Some(Int32 count) in ", Describe(MoveNext(Method(typeof(Places), nameof(Places.Some)))), StringComparison.Ordinal);

    [Fact]
    public void A_lambda_is_called_after_the_method_it_is_in() =>
        Assert.StartsWith("MultiProc.Unit.Stacks.Places.Lambda.<lambda>(Int32 x) in ", Describe(Places.Lambda(1).Method), StringComparison.Ordinal);

    [Fact]
    public void Without_debugging_information_there_are_names_but_no_lines()
    {
        var core = new ModuleSymbols(typeof(object).Assembly.Location);

        Assert.Equal(
            "System.Threading.Thread.Sleep(TimeSpan timeout)",
            core.Describe(typeof(Thread).GetMethod(nameof(Thread.Sleep), [typeof(TimeSpan)])!.MetadataToken, offset: 0));
        Assert.Equal(
            "System.IO.File.ReadAllTextAsync(String path, Encoding encoding, CancellationToken cancellationToken)",
            core.Describe(
                typeof(File).GetMethod(nameof(File.ReadAllTextAsync), [typeof(string), typeof(System.Text.Encoding), typeof(CancellationToken)])!.MetadataToken, 0));
    }

    [Fact]
    public void Without_a_file_there_is_a_number() =>
        Assert.Equal("Gone.dll!0x06000012", new ModuleSymbols("/nowhere/Gone.dll").Describe(0x06000012, offset: 0));

    private static string Describe(MethodInfo method) => Describe(method, offset: 0);

    private static string Describe(MethodInfo method, int offset) => Own.Describe(method.MetadataToken, offset);

    private static int LineOf(string frame) => int.Parse(frame.Split(":line ")[1], null);

    private static MethodInfo Method(Type type, string name) => type.GetMethod(name, Any)!;

    private static MethodInfo MoveNext(MethodInfo method) => Method(method.GetCustomAttribute<StateMachineAttribute>()!.StateMachineType, "MoveNext");
}
