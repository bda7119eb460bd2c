namespace MultiProc.Specs.Guide;

/// <summary>The programs of docs/languages.md, in F# and in Visual Basic.</summary>
public sealed class LanguageSpecs : PoolSpec
{
    [Spec]
    public async Task An_FSharp_program_awaits_tasks_and_computations_and_its_lambdas_have_names() => Assert.Equal(
        """
        value       a worker True
        task        8
        async       9
        arguments   3
        map         [|3.14; 4.0|]
        map tasks   [|1; 4; 9|]
        record      (1, "x", ["new"; "a"])
        exception   Exception: no luck
        name        CallTimeoutException: lambda in Program.run
        """,
        await RunAsync(Built.FSharpProgram));

    [Spec]
    public async Task A_Visual_Basic_program_does_so_too_and_its_lambdas_bring_only_what_they_use() => Assert.Equal(
        """
        value       a worker True
        task        8
        arguments   3
        map         1 4 9
        exception   no luck
        name        lambda in Program
        """,
        await RunAsync(Built.VisualBasicProgram));

    private static async Task<string> RunAsync(string program)
    {
        var ended = await Started.ToEndAsync("dotnet", program);
        Assert.True(ended.ExitCode == 0, ended.Error);
        return ended.Output.ReplaceLineEndings("\n").TrimEnd();
    }
}
