using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace MultiProc.AnalyzerTests;

/// <summary>Compiles code against the library, and compares what the rules say with what is marked: as <c>{|MULTIPROC001:code|}</c>.</summary>
internal static class Verify
{
    // What this program runs on, the library included: nothing has to be fetched.
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path) is var file && (file.StartsWith("System.", StringComparison.Ordinal) || file is "MultiProc.dll" or "netstandard.dll" or "mscorlib.dll"))
            .Where(static path => !Path.GetFileName(path).Contains("CodeDom", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A method's body that has a <c>pool</c>, in a class with members.</summary>
    public static Task BodyAsync<TAnalyzer>(string body, string members = "")
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        var test = new CSharpCodeFixTest<TAnalyzer, EmptyCodeFixProvider, DefaultVerifier> { TestCode = Class(body, members) };
        Prepare(test.TestState, test);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    public static Task FixAsync<TAnalyzer, TFix>(string body, string fixedBody, string members = "")
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        var test = new CSharpCodeFixTest<TAnalyzer, TFix, DefaultVerifier> { TestCode = Class(body, members), FixedCode = Class(fixedBody, members) };
        Prepare(test.TestState, test);

        // What is left after the fix is left on purpose: a fix that is not offered leaves all.
        test.FixedState.InheritanceMode = StateInheritanceMode.AutoInheritAll;
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A file of its own, with top-level statements or several types, in a project that sets some properties to true.</summary>
    public static Task ProgramAsync<TAnalyzer>(string code, params string[] trueProperties)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        var test = new CSharpCodeFixTest<TAnalyzer, EmptyCodeFixProvider, DefaultVerifier> { TestCode = Usings + code };
        Prepare(test.TestState, test);
        test.TestState.OutputKind = OutputKind.ConsoleApplication;
        test.TestState.AnalyzerConfigFiles.Add(
            ("/.globalconfig", "is_global = true\n" + string.Concat(trueProperties.Select(static property => $"build_property.{property} = true\n"))));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    private static void Prepare(SolutionState state, AnalyzerTest<DefaultVerifier> test)
    {
        test.ReferenceAssemblies = new ReferenceAssemblies("net10.0");
        test.CompilerDiagnostics = CompilerDiagnostics.Errors;
        state.AdditionalReferences.AddRange(References);
    }

    private const string Usings = """
        #nullable enable
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;
        using MultiProc;

        """;

    private static string Class(string body, string members) => Usings + $$"""
        sealed class C
        {
            {{members}}

            async Task M(ProcessPool pool)
            {
                {{body}}
                await Task.Yield();
            }
        }
        """;
}
