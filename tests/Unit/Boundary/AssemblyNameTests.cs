using System.Reflection;
using System.Reflection.Emit;
using MultiProc.Boundary;

namespace MultiProc.Unit.Boundary;

/// <summary>Simple names are read from full names, and are those that .NET tells.</summary>
public sealed class AssemblyNameTests
{
    [Fact]
    public void They_are_those_that_the_assemblies_have() =>
        Assert.All(AppDomain.CurrentDomain.GetAssemblies(), static assembly => Assert.Equal(assembly.GetName().Name, assembly.SimpleName()));

    [Theory]
    [InlineData("plain")]
    [InlineData("with.dots and spaces")]
    [InlineData("żółć")]
    [InlineData("a, b")]
    [InlineData("it's")]
    [InlineData("say \"x\"")]
    [InlineData("a=b")]
    [InlineData(" around ")]
    public void Every_name_comes_back_and_is_known_in_whatever_case(string name)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName { Name = name }, AssemblyBuilderAccess.RunAndCollect);

        Assert.Equal(name, assembly.SimpleName());
        Assert.True(assembly.IsNamed(name) && assembly.IsNamed(name.ToUpperInvariant()));
        Assert.False(assembly.IsNamed(name + "x") || assembly.IsNamed(name[..^1]) || assembly.IsNamed(""));
    }
}
