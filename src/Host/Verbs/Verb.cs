using System.CommandLine;

namespace MultiProc.Host.Verbs;

/// <summary>A verb with examples, which its help shows.</summary>
internal sealed class Verb(string name, string description, params (string CommandLine, string Meaning)[] examples) : Command(name, description)
{
    /// <summary>What users type before it.</summary>
    public const string Program = "multiproc";

    public IReadOnlyList<(string CommandLine, string Meaning)> Examples => examples;

    /// <summary>What else is to be known, below the examples.</summary>
    public string Notes { get; init; } = "";
}
