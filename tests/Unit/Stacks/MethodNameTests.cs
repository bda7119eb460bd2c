using MultiProc.Worker.Stacks.Symbols;

namespace MultiProc.Unit.Stacks;

public sealed class MethodNameTests
{
    [Theory]
    [InlineData("Main", "Main")]
    [InlineData(".ctor", ".ctor")]
    [InlineData("<Main>$", "Main")]
    [InlineData("<Main>b__0_1", "Main.<lambda>")]
    [InlineData("<Main>g__Local|0_1", "Main.Local")]
    [InlineData("<<Main>$>g__Local|0_1", "Main.Local")]
    [InlineData("<<Main>b__0_0>b__1", "Main.<lambda>.<lambda>")]
    [InlineData("<Read>d__3", "Read")]
    [InlineData("<<Read>b__0_0>d", "Read.<lambda>")]
    [InlineData("<Clone>k__Other", "<Clone>k__Other")]
    [InlineData("<>c", "<>c")]
    [InlineData("<broken", "<broken")]
    public void A_name_of_the_compiler_becomes_the_authors(string name, string expected) => Assert.Equal(expected, MethodName.SourceName(name));
}
