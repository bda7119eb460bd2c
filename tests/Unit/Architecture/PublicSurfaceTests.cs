using PublicApiGenerator;

namespace MultiProc.Unit.Architecture;

public sealed class PublicSurfaceTests
{
    private const string Approved = "PublicApi.approved.txt";

    private static readonly Type[] Types = typeof(ProcessPool).Assembly.GetExportedTypes();

    [Fact]
    public void Public_types_cannot_be_inherited_but_for_the_base_of_the_exceptions() =>
        Assert.Equal(
            [typeof(ProcessPoolException)],
            Types.Where(static type => type is { IsSealed: false, IsInterface: false, IsValueType: false }));

    [Fact]
    public void Public_types_are_in_one_namespace() => Assert.All(Types, static type => Assert.Equal("MultiProc", type.Namespace));

    [Fact]
    public void Exceptions_have_one_base_or_one_of_the_frameworks()
    {
        Type[] bases = [typeof(ProcessPoolException), typeof(TimeoutException)];
        Assert.All(
            Types.Where(static type => type.IsAssignableTo(typeof(Exception)) && type != typeof(ProcessPoolException)),
            type => Assert.Contains(type.BaseType, bases));
    }

    [Fact]
    public void Public_types_implement_nothing_that_is_internal_to_another_assembly() =>
        Assert.Empty(Types.SelectMany(static type => type.GetInterfaces().Where(face => !face.IsVisible && face.Assembly != type.Assembly).Select(face => $"{type} {face}")));

    [Fact]
    public void The_public_surface_is_as_it_was_approved()
    {
        var approvedPath = Path.Combine(Path.GetDirectoryName(Sources.ThisFile())!, Approved);
        var receivedPath = Path.Combine(AppContext.BaseDirectory, "PublicApi.received.txt");
        var received = typeof(ProcessPool).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";
        var approved = File.Exists(approvedPath) ? File.ReadAllText(approvedPath).ReplaceLineEndings("\n") : "";
        File.WriteAllText(receivedPath, received);

        Assert.True(
            received == approved,
            $"""
            The public surface has changed: {FirstDifference(approved, received)}
            If that is meant, accept it, and name it in CHANGELOG.md:
                cp "{receivedPath}" "{approvedPath}"
            """);
    }

    private static string FirstDifference(string approved, string received)
    {
        var (before, after) = (approved.Split('\n'), received.Split('\n'));
        var line = before.Zip(after).TakeWhile(static pair => pair.First == pair.Second).Count();
        return $"line {line + 1} was \"{before.ElementAtOrDefault(line)?.Trim()}\" and is \"{after.ElementAtOrDefault(line)?.Trim()}\".";
    }
}
