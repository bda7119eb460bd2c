using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using MultiProc.Worker.Stacks.Symbols;

namespace MultiProc.TestDebugger;

/// <summary>Between places in source text and places in the intermediate language, by the portable debugging information.</summary>
internal static class Source
{
    private static readonly Dictionary<string, Module?> Modules = [];

    /// <summary>The first instruction of a line; null when it is not this module's.</summary>
    public static (int Method, int Offset)? Find(string module, string file, int line)
    {
        if (Open(module) is not { Lines: { } lines })
        {
            return null;
        }

        foreach (var handle in lines.MethodDebugInformation)
        {
            var points = lines.GetMethodDebugInformation(handle).GetSequencePoints().Where(point => !point.IsHidden && point.StartLine == line);
            foreach (var point in points)
            {
                if (Path.GetFileName(lines.GetString(lines.GetDocument(point.Document).Name)) == file)
                {
                    return (MetadataTokens.GetToken(handle.ToDefinitionHandle()), point.Offset);
                }
            }
        }

        return null;
    }

    public static string Describe(string module, int method, int offset) => new ModuleSymbols(module).Describe(method, offset);

    /// <summary>The part of the language that belongs to the same line.</summary>
    public static (int Start, int End) LineAround(string module, int method, int offset)
    {
        var points = Open(module)!.Lines!.GetMethodDebugInformation(DefinitionOf(method)).GetSequencePoints().Select(static point => point.Offset).ToList();
        return (points.LastOrDefault(point => point <= offset), points.Where(point => point > offset).DefaultIfEmpty(int.MaxValue).First());
    }

    public static IEnumerable<string> Parameters(string module, int method)
    {
        var metadata = Open(module)!.Metadata;
        var names = metadata.GetMethodDefinition(DefinitionOf(method)).GetParameters().Select(metadata.GetParameter)
            .Where(static parameter => parameter.SequenceNumber > 0).OrderBy(static parameter => parameter.SequenceNumber);
        return names.Select(parameter => metadata.GetString(parameter.Name));
    }

    private static MethodDefinitionHandle DefinitionOf(int method) => (MethodDefinitionHandle)MetadataTokens.EntityHandle(method);

    private static Module? Open(string path)
    {
        if (!Modules.TryGetValue(path, out var module))
        {
            Modules[path] = module = File.Exists(path) ? Module.Open(path) : null;
        }

        return module;
    }

    private sealed record Module(MetadataReader Metadata, MetadataReader? Lines)
    {
        public static Module Open(string path)
        {
            var file = new PEReader(File.OpenRead(path));
            _ = file.TryOpenAssociatedPortablePdb(path, static pdb => File.Exists(pdb) ? File.OpenRead(pdb) : null, out var lines, out _);
            return new Module(file.GetMetadataReader(), lines?.GetMetadataReader());
        }
    }
}
