using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Records;

/// <summary>
/// A short text of the arguments of an item, for people, decoded from the bytes that were sent. Thread-safe.
/// </summary>
internal static class ArgumentsText
{
    private const string Cut = "...";

    private static readonly MethodInfo ReadValue = typeof(BoundaryReader).GetMethod(nameof(BoundaryReader.Read), 1, [])!;

    // Keyed by the array that contains a function's graph: it is decoded once, however many items fail, and however
    // much the function captures. Not used for collectible code, which must not be kept alive by a byte array that
    // others keep.
    private static readonly ConditionalWeakTable<byte[], Signature> Signatures = [];

    /// <summary>
    /// The values, separated by commas, in at most <paramref name="longest"/> characters; or the reason why they cannot
    /// be shown. Null: the function is one of the library's wrappers around the caller's function. Never throws.
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
            // For example, a shared object may be gone by now. Nothing depends on the text.
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
