using System.Reflection.Emit;
using MultiProc.Boundary;

namespace MultiProc.Unit.Boundary;

public sealed class FunctionNameTests
{
    [Theory]
    [InlineData("<Main>b__0_1", "the lambda in Main")]
    [InlineData("<<Main>$>b__0_1", "the lambda in Main")]
    [InlineData("<Main>g__Count|0_1", "the local function Count in Main")]
    [InlineData("<<Main>$>g__Count|0_1", "the local function Count in Main")]
    [InlineData("Count", "Count")]
    public void A_function_is_described_as_its_author_wrote_it(string compiled, string described) =>
        Assert.Equal(described, FunctionNames.Describe(new DynamicMethod(compiled, typeof(void), [])));
}
