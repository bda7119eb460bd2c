using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Records;

/// <summary>The arguments of an item in short, for people; read from the bytes that crossed. Thread-safe.</summary>
internal static class ArgumentsText
{
    private const string Cut = "...";

    private static readonly MethodInfo ReadValue = typeof(BoundaryReader).GetMethod(nameof(BoundaryReader.Read), 1, [])!;

    // By the array in which a function's graph is: it is read once, however many items fail, and however much the function captures. Not for code that can be
    // unloaded: bytes, which others keep, must not keep it.
    private static readonly ConditionalWeakTable<byte[], Signature> Signatures = [];

    /// <summary>
    /// The values, separated by commas, in at most <paramref name="longest"/> characters; why they cannot be shown, if so. Null: the function is none of the
    /// caller's, but one of ours around it. Never throws.
    /// </summary>
    public static string? Of(ReadOnlyMemory<byte> function, ReadOnlyMemory<byte> arguments, int longest)
    {
        string text;
        try
        {
            var signature = SignatureOf(function);
            if (signature.IsWrapper)
            {
                return null;
            }

            using var reader = new BoundaryReader(arguments, new RecordedLive(TextWriter.Null, default), Trust.Full);
            text = string.Join(", ", signature.Parameters.Select(type => ValueText.Of(
                ReadValue.MakeGenericMethod(type).Invoke(reader, BindingFlags.DoNotWrapExceptions, null, null, null))));
        }
        catch (Exception exception)
        {
            // Such as a shared object that is gone meanwhile. Nothing depends on the text.
            text = $"(cannot be shown: {exception.Message})";
        }

        return text.Length <= longest ? text : text[..(longest - Cut.Length)] + Cut;
    }

    private static Signature SignatureOf(ReadOnlyMemory<byte> function)
    {
        var graph = MemoryMarshal.TryGetArray(function, out var segment) && segment.Array is { } array && segment.Count == array.Length ? array : null;
        if (graph is not null && Signatures.TryGetValue(graph, out var known))
        {
            return known;
        }

        var signature = ReadSignature(function);
        if (graph is not null && !Array.Exists(signature.Parameters, static type => type.IsCollectible))
        {
            Signatures.TryAdd(graph, signature);
        }

        return signature;
    }

    private static Signature ReadSignature(ReadOnlyMemory<byte> function)
    {
        using var reader = new BoundaryReader(function, new RecordedLive(TextWriter.Null, default), Trust.Full);
        var called = reader.ReadFunction();
        return new Signature(
            [.. called.GetType().GetMethod(nameof(Action.Invoke))!.GetParameters().Select(static parameter => parameter.ParameterType)],
            WrapperAttribute.IsOn(called.Target?.GetType()));
    }

    private sealed record Signature(Type[] Parameters, bool IsWrapper);
}
