using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MultiProc.HostSpecs.Host;

/// <summary>The samples, and what the README says of them.</summary>
public sealed class FrontDoorSpecs : PoolSpec
{
    [Spec]
    public void The_example_of_the_README_is_the_sample() =>
        Assert.Contains($"```csharp\n{Built.Read("samples/Pi/Program.cs")}```\n", Built.Read("README.md"), StringComparison.Ordinal);

    [Spec]
    public async Task The_example_prints_what_the_README_shows()
    {
        var ended = await Started.ToEndAsync(Built.PiSample);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains($"```text\n{ended.Output}```\n", Built.Read("README.md"), StringComparison.Ordinal);
    }

    [Spec]
    public async Task Words_are_counted_as_wc_counts_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no wc here.");
        using var scratch = new Scratch();
        var odd = Path.Combine(scratch.Path, "odd");
        await File.WriteAllBytesAsync(
            odd,
            [0xEF, 0xBB, 0xBF, (byte)' ', 0xFF, (byte)' ', 0xC3, (byte)'(', (byte)'\n', 0xC2, 0xA0, (byte)'a', 0xE2, 0x81, 0xA0, (byte)'b', 0xC2, 0x85, 1, (byte)'\r'],
            TestContext.Current.CancellationToken);
        string[] files = [odd, Path.Combine(Built.Root, "LICENSE"), Path.Combine(Built.Root, "README.md"), Built.WordCount];
        var input = Path.Combine(scratch.Path, "paths.jsonl");
        await File.WriteAllLinesAsync(input, files.Select(static file => JsonSerializer.Serialize(file)), TestContext.Current.CancellationToken);

        var ended = await Started.MultiprocToEndAsync("run", Built.WordCount, "WordCount.Counter.CountFile", "--input", input);

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(files.Select(WordsAsWcCountsThem), ended.Lines);
    }

    [Spec]
    public async Task The_word_count_finds_the_most_frequent_words()
    {
        using var scratch = new Scratch();
        await File.WriteAllTextAsync(Path.Combine(scratch.Path, "a.txt"), "one two, two\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(scratch.Path, "b.txt"), "Two three three\n", TestContext.Current.CancellationToken);

        var ended = await Started.ToEndAsync(Path.ChangeExtension(Built.WordCount, OperatingSystem.IsWindows() ? ".exe" : null), scratch.Path);

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(["3 two", "2 three", "1 one"], ended.Lines.Select(static line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Spec]
    public async Task Without_a_fitting_SDK_the_build_says_what_is_missing_in_one_line()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("build.ps1 is for here.");
            return;
        }

        using var scratch = new Scratch();
        var dotnet = Path.Combine(scratch.Path, "dotnet");
        await File.WriteAllTextAsync(dotnet, "#!/bin/sh\necho 8.0.404\n[ \"$PWD\" = / ]\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var ended = await Started.ToEndAsync("env", $"PATH={scratch.Path}:/usr/bin:/bin", Path.Combine(Built.Root, "build.sh"), "run");

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("needs the .NET SDK 10.0.100", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("found: 8.0.404", ended.Error, StringComparison.Ordinal);
    }

    private static string WordsAsWcCountsThem(string file)
    {
        var start = new ProcessStartInfo("wc", ["-w", file]) { RedirectStandardOutput = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var wc = Process.Start(start)!;
        using var output = wc.StandardOutput;
        var words = output.ReadToEnd().Split(' ')[0];
        wc.WaitForExit();
        return long.Parse(words, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }
}
