using System.Numerics;
using System.Text;
using CsCheck;
using MultiProc.Boundary;

namespace MultiProc.Unit.Boundary;

public sealed class TypeNameTests
{
    private const string Characters = "[],*&\\`+ .aÄ";

    public static TheoryData<Type> Types =>
    [
        typeof(int), typeof(string), typeof(Version), typeof(TypeNameTests), typeof(Outer<>.Inner<>), typeof(Outer<int>.Inner<string>), typeof(int[]), typeof(int[][]), typeof(int[,]),
        typeof(int).MakeArrayType(1), typeof(List<int[,,]>[]), typeof(Dictionary<string, List<(int, BigInteger)>>), typeof(Func<int, int, int>), typeof(Action), typeof(int*),
        typeof(int).MakeByRefType(), typeof(KeyValuePair<string, int>?), typeof(Outer<int[]>.Inner<List<string>[,]>[]), typeof(Odd_ÄName),
    ];

    [Theory]
    [MemberData(nameof(Types), DisableDiscoveryEnumeration = true)]
    public void A_type_is_found_by_the_name_that_was_written(Type type) => Assert.Equal(type, TypeNames.Decode(TypeNames.Encode(type)));

    // The name of an assembly may have the key of a load context behind it, with a path in which nothing but %, ] and , is escaped.
    [Theory]
    [InlineData("Plain")]
    [InlineData("O'Brien's App")]
    [InlineData("a=b")]
    [InlineData("PlugIn|4711.2:/home/O'Brien/with \"quotes\"/a=b/PlugIn.dll")]
    [InlineData("PlugIn|4711.2:/odd [*& here/PlugIn.dll ")]
    [InlineData(@"PlugIn|4711.2:C:\new\users\table.dll")]
    public void An_assembly_is_looked_for_by_just_the_name_that_was_written(string name)
    {
        List<string> asked = [];

        var type = TypeNames.Decode(Encoding.UTF8.GetBytes($"{typeof(Outer<>).FullName}[[{typeof(TypeNameTests).FullName}, {name}]], {name}"), assembly =>
        {
            asked.Add(assembly);
            return typeof(TypeNameTests).Assembly;
        });

        Assert.Equal(typeof(Outer<TypeNameTests>), type);
        Assert.Equal([name, name], asked);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData(", ")]
    [InlineData("System.Int32")]
    [InlineData("System.Int32, ")]
    [InlineData("System.Int32[, System.Private.CoreLib")]
    [InlineData("System.Int32], System.Private.CoreLib")]
    [InlineData("System.Int32[x], System.Private.CoreLib")]
    [InlineData("System.Func`1[[System.Int32, System.Private.CoreLib], System.Private.CoreLib")]
    [InlineData("System.Func`1[[System.Int32, System.Private.CoreLib]]x, System.Private.CoreLib")]
    [InlineData("System.Func`1[[]], System.Private.CoreLib")]
    [InlineData("System.Func`1[[System.Int32, System.Private.CoreLib],], System.Private.CoreLib")]
    [InlineData("System.Nothing, System.Private.CoreLib")]
    [InlineData("System.Int32, No.Such.Assembly")]
    [InlineData("System.Int32&&, System.Private.CoreLib")]
    [InlineData("Trailing\\")]
    public void What_is_not_the_name_of_a_type_is_refused(string name) =>
        Assert.Throws<BoundaryFormatException>(() => TypeNames.Decode(Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void A_name_that_is_nested_without_end_is_refused()
    {
        var name = string.Concat(Enumerable.Repeat("System.Func`1[[", 100_000));

        Assert.Throws<BoundaryFormatException>(() => TypeNames.Decode(Encoding.UTF8.GetBytes(name)));
    }

    [Fact]
    public void A_name_with_wrong_characters_in_it_is_a_type_or_is_refused()
    {
        var names = Types.Select(static row => Encoding.UTF8.GetString(TypeNames.Encode(row.Data)!)).ToArray();
        Gen.Select(Gen.Int[0, names.Length - 1], Gen.Int[0, 1000], Gen.Int[0, Characters.Length - 1]).Sample((which, at, character) =>
        {
            var wrong = names[which].ToCharArray();
            wrong[at % wrong.Length] = Characters[character];
            try
            {
                TypeNames.Decode(Encoding.UTF8.GetBytes(wrong));
            }
            catch (BoundaryFormatException)
            {
                // Said in the way of the boundary.
            }
        });
    }

    private sealed record Outer<T>(T Value)
    {
        public sealed record Inner<TInner>(T One, TInner Other);
    }

    private sealed class Odd_ÄName;
}
