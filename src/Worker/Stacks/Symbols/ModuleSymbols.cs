using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MultiProc.Worker.Stacks.Symbols;

/// <summary>The metadata of a module's file, and its debugging information if there is any.</summary>
internal sealed class ModuleSymbols
{
    private readonly string _name;
    private readonly MetadataReader? _metadata;
    private readonly MetadataReader? _lines;

    public ModuleSymbols(string path)
    {
        _name = Path.GetFileName(path);
        try
        {
            // Closed when the process exits: readers keep parts of the file in use.
            var file = new PEReader(File.OpenRead(path));
            _metadata = file.GetMetadataReader();
            _ = file.TryOpenAssociatedPortablePdb(path, static pdb => File.Exists(pdb) ? File.OpenRead(pdb) : null, out var lines, out _);
            _lines = lines?.GetMetadataReader();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BadImageFormatException or InvalidOperationException)
        {
            // The file is missing or cannot be read. Without it a method has only a token, and without debugging
            // information no line.
        }
    }

    /// <summary>Describes a frame: <c>Namespace.Type.Method(String name) in file:line 12</c>.</summary>
    public string Describe(int method, int offset)
    {
        if (_metadata is null || MetadataTokens.EntityHandle(method) is not { Kind: HandleKind.MethodDefinition } handle)
        {
            return $"{_name}!0x{method:X8}";
        }

        var definition = (MethodDefinitionHandle)handle;
        return MethodName.Of(_metadata, SourceMethod(_metadata, definition)) + (LineOf(definition, offset) is { } line ? $" in {line}" : "");
    }

    /// <summary>
    /// Finds the async method or iterator from which the compiler generated this method; any other method is returned
    /// as it is.
    /// </summary>
    private MethodDefinitionHandle SourceMethod(MetadataReader metadata, MethodDefinitionHandle method)
    {
        var told = _lines?.GetMethodDebugInformation(method).GetStateMachineKickoffMethod() ?? default;
        return told.IsNil ? StateMachine.SourceMethod(metadata, method) : told;
    }

    private string? LineOf(MethodDefinitionHandle method, int offset)
    {
        if (_lines is null)
        {
            return null;
        }

        SequencePoint? last = null;
        foreach (var point in _lines.GetMethodDebugInformation(method).GetSequencePoints())
        {
            if (point.Offset > offset && last is not null)
            {
                break;
            }

            if (!point.IsHidden)
            {
                last = point;
            }
        }

        return last is { } found ? $"{_lines.GetString(_lines.GetDocument(found.Document).Name)}:line {found.StartLine}" : null;
    }
}
