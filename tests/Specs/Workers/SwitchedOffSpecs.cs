using System.Text.Json.Nodes;

namespace MultiProc.Specs.Workers;

/// <summary>Hosts in which <c>PublishAot</c> has switched off what the runtime could do: file-based apps have it by default.</summary>
public sealed class SwitchedOffSpecs : PoolSpec
{
    private static readonly string[] Switches =
    [
        "System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported", "System.Text.Json.JsonSerializer.IsReflectionEnabledByDefault",
    ];

    [Spec]
    public async Task Without_dynamic_code_and_JSON_by_reflection_everything_crosses_and_a_pool_is_looked_at_all_the_same() => Assert.Equal(
        [
            "dynamic False True, json False",
            "Order { Number = 1, Name = n0, Kind = Minus, Pair = (0, ), Part = 0 } Order { Number = 2, Name = n1, Kind = Minus, Pair = (1, ), Part = 1 } " +
            "Order { Number = 3, Name = n2, Kind = Minus, Pair = (2, ), Part = 2 }",
            "2 one+more 0",
            "Order { Number = 7, Name = a worker, Kind = Minus, Pair = (1, x), Part = 0 }",
            "broken bad",
            "True Idle idle",
        ],
        await RunAsync(nameof(SpecHost.Scenarios.WithoutDynamicCode)));

    /// <summary>The host's lines; its workers are told the same as it is.</summary>
    private static async Task<string[]> RunAsync(string scenario)
    {
        using var scratch = new Scratch();
        var program = typeof(SpecHost.Scenarios).Assembly.Location;
        var dependencies = Path.Combine(scratch.Path, Path.GetFileName(Path.ChangeExtension(program, ".deps.json")));
        var configuration = Path.ChangeExtension(Path.ChangeExtension(dependencies, null), ".runtimeconfig.json");
        var original = JsonNode.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(program, ".runtimeconfig.json")))!;
        var properties = (original["runtimeOptions"]!["configProperties"] ??= new JsonObject()).AsObject();
        foreach (var name in Switches)
        {
            properties[name] = false;
        }

        // The host finds the assemblies of projects beside the list of dependencies.
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(program)!, "*.dll").Append(Path.ChangeExtension(program, ".deps.json")))
        {
            File.Copy(file, Path.Combine(scratch.Path, Path.GetFileName(file)));
        }

        program = Path.Combine(scratch.Path, Path.GetFileName(program));
        await File.WriteAllTextAsync(configuration, original.ToJsonString());
        var ended = await Started.ToEndAsync("dotnet", "exec", "--runtimeconfig", configuration, "--depsfile", dependencies, program, scenario);
        Assert.True(ended.ExitCode == 0, ended.Error);
        return ended.Output.TrimEnd().ReplaceLineEndings("\n").Split('\n');
    }
}
