namespace MultiProc.HostSpecs.Debugging;

/// <summary>The record of a failed call finds the commit that broke the function.</summary>
public sealed class BisectSpecs : PoolSpec
{
    private const int Broken = 3;

    private static readonly string[] Serializers = ["total / pieces", "(total - 0) / pieces", "total / (pieces - 3)", "(total + 0) / (pieces - 3)", "(total + 1) / (pieces - 3)"];

    // As the documentation shows it: what cannot be built is neither good nor bad.
    private const string Script =
        """
        set -e
        git init -q . && git config user.name Tester && git config user.email tester@example.invalid
        printf 'built\nrecords\n' > .gitignore
        for body in "$@"; do
          printf 'namespace Acme;\npublic static class Prices { public static int PerPiece(int total, int pieces) => %s; }\n' "$body" > Prices.cs
          git add . && git commit -q -m "$body"
        done
        build="dotnet exec $CSC -nologo -target:library -out:built/Prices.dll -reference:$RUNTIME/System.Runtime.dll -reference:$RUNTIME/System.Private.CoreLib.dll Prices.cs"
        mkdir built && $build
        "$MULTIPROC" run built/Prices.dll Acme.Prices.PerPiece 12 3 --record records && exit 9
        git bisect start HEAD HEAD~4
        git bisect run sh -c "$build || exit 125; '$MULTIPROC' replay records/*.mpcall"
        """;

    [Spec]
    public async Task Git_bisect_run_with_a_replay_finds_the_commit_that_broke_the_function()
    {
        var dotnet = new FileInfo(typeof(object).Assembly.Location).Directory!.Parent!.Parent!.Parent!.FullName;
        var compiler = Directory.Exists(Path.Combine(dotnet, "sdk"))
            ? Directory.GetFiles(Path.Combine(dotnet, "sdk"), "csc.dll", SearchOption.AllDirectories).FirstOrDefault(static path => path.Contains("bincore", StringComparison.Ordinal))
            : null;
        Assert.SkipWhen(OperatingSystem.IsWindows() || compiler is null || !File.Exists("/usr/bin/git"), "git, sh and a .NET SDK are needed.");
        using var repository = new Scratch();
        using var home = new Scratch();

        var ended = await Started.ToEndAsync(
            "env",
            ["-C", repository.Path, $"HOME={home.Path}", $"CSC={compiler}", $"RUNTIME={Path.GetDirectoryName(typeof(object).Assembly.Location)}", $"MULTIPROC={Built.Multiproc}",
            "sh", "-c", Script, "bisect", .. Serializers]);

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        Assert.Matches("(?m)^[0-9a-f]{40} is the first bad commit$", ended.Output);
        Assert.Contains($"    {Serializers[Broken - 1]}\n", ended.Output, StringComparison.Ordinal);
        Assert.Contains("\"4\"", ended.Output, StringComparison.Ordinal);
        Assert.Contains("DivideByZeroException", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--app", ended.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(home.Path, ".multiproc", "record-key")));
    }
}
