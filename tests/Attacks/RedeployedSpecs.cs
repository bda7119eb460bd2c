using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MultiProc.Attacks;

/// <summary>Somebody deletes or replaces the files of an application while it runs.</summary>
public sealed class RedeployedSpecs : PoolSpec
{
    private const string Host = "MultiProc.SpecHost.dll";

    [SpecTheory]
    [InlineData("MultiProc.Worker.dll", "has been deleted")]
    [InlineData(Host, "has been deleted")]
    [InlineData("MultiProc.Worker.dll", "has been replaced")]
    [InlineData(Host, "has been replaced")]
    public async Task A_lost_worker_is_replaced_when_the_files_are_back_and_until_then_the_others_work_on(string file, string how)
    {
        using var scratch = new Scratch();
        var application = Path.Combine(scratch.Path, "application");
        using var host = await StartAsync(scratch, application, nameof(SpecHost.Scenarios.Redeployed));

        var path = Path.Combine(application, file);
        File.Move(path, path + ".kept");
        if (how == "has been replaced")
        {
            // Another build, in a file of its own: the running processes have mapped the old one.
            File.Copy(Path.Combine(application, "MultiProc.Protocol.dll"), path);
        }

        await host.WriteLineAsync("lose");
        string line;
        HashSet<string> said = [];
        while (said.Count < 2)
        {
            line = await ReadAsync(host);
            said.Add(line == "lost" ? line : line.Contains("is another build than the one that runs", StringComparison.Ordinal) ? "told" : "");
            said.Remove("");
            Assert.True(line == "lost" || line.StartsWith("log ", StringComparison.Ordinal), line);
            Assert.DoesNotContain("given up", line, StringComparison.Ordinal);
            if (line.Contains("another build", StringComparison.Ordinal))
            {
                Assert.Contains($"{path} {how}", line, StringComparison.Ordinal);
            }
        }

        var living = await AskAsync(host, "call");
        Assert.Equal(living, await AskAsync(host, "call"));

        File.Move(path + ".kept", path, overwrite: true);
        var both = (await AskAsync(host, "both")).Split(' ');

        Assert.Equal(3, both.Length);
        Assert.Contains(living.Split(' ')[1], both);
        await host.WriteLineAsync("end");
        Assert.Equal(0, (await host.EndAsync()).ExitCode);
    }

    [SpecTheory]
    [InlineData("deleted")]
    [InlineData("replaced")]
    [InlineData("broken")]
    public async Task A_worker_that_loads_another_build_is_replaced_and_its_call_runs_when_the_files_are_back(string how)
    {
        using var scratch = new Scratch();
        var application = Path.Combine(scratch.Path, "application");
        using var host = await StartAsync(scratch, application, nameof(SpecHost.Scenarios.RedeployedEarly));

        var path = Path.Combine(application, Host);
        File.Move(path, path + ".kept");
        switch (how)
        {
            case "replaced":
                await File.WriteAllBytesAsync(path, OtherBuildOf(path + ".kept"));
                break;
            case "broken":
                await File.WriteAllBytesAsync(path, new byte[5_000]);
                break;
        }

        await host.WriteLineAsync("call");
        var useless = 0;
        var isTold = false;
        while (useless < 2 || !isTold)
        {
            var line = await ReadAsync(host);
            Assert.StartsWith("log ", line, StringComparison.Ordinal);
            Assert.DoesNotContain("given up", line, StringComparison.Ordinal);
            useless += line.Contains("is of no use", StringComparison.Ordinal) ? 1 : 0;
            isTold |= line.Contains("cannot be replaced for now", StringComparison.Ordinal);
        }

        File.Move(path + ".kept", path, overwrite: true);
        string answer;
        do
        {
            answer = await ReadAsync(host);
        }
        while (answer.StartsWith("log ", StringComparison.Ordinal));
        Assert.StartsWith("called ", answer, StringComparison.Ordinal);
        Assert.Equal(3, (await AskAsync(host, "both")).Split(' ').Length);
        await host.WriteLineAsync("end");
        Assert.Equal(0, (await host.EndAsync()).ExitCode);
    }

    /// <summary>Runs a scenario from a copy of its program.</summary>
    private static async Task<Started> StartAsync(Scratch scratch, string application, string scenario)
    {
        Copy(Path.GetDirectoryName(Surroundings.HostFile)!, application);
        var host = Started.In(scratch.Path, "dotnet", "exec", Path.Combine(application, Host), scenario);
        Assert.Equal("ready", await ReadAsync(host));
        return host;
    }

    private static byte[] OtherBuildOf(string path)
    {
        var bytes = File.ReadAllBytes(path);
        using var file = new PEReader(new MemoryStream(bytes));
        var metadata = file.GetMetadataReader();
        var at = bytes.AsSpan().IndexOf(metadata.GetGuid(metadata.GetModuleDefinition().Mvid).ToByteArray());
        bytes[at] ^= 1;
        return bytes;
    }

    private static async Task<string> AskAsync(Started host, string order)
    {
        await host.WriteLineAsync(order);
        string answer;
        do
        {
            answer = await ReadAsync(host);
        }
        while (answer.StartsWith("log ", StringComparison.Ordinal));
        Assert.StartsWith("called ", answer, StringComparison.Ordinal);
        Assert.All(answer.Split(' ').Skip(1), static process => int.Parse(process, CultureInfo.InvariantCulture));
        return answer;
    }

    private static async Task<string> ReadAsync(Started host) =>
        await host.Output.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ?? throw new InvalidOperationException("The host has ended: " + (await host.EndAsync()).Error);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
