using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MultiProc.Host.Functions;

/// <summary>A text as the argument of one parameter.</summary>
/// <param name="Value">The argument.</param>
/// <param name="Distance">How far the parameter's type is from what the text says; smaller is better: which reading it is, and how its JSON fits the type.</param>
internal readonly record struct ArgumentFit(object? Value, (int Reading, int Type) Distance)
{
    private const int Far = 100;

    // As C# prefers them for a literal: the smallest type that it would choose by itself first.
    private static readonly Type[] Whole =
    [
        typeof(int), typeof(long), typeof(short), typeof(byte), typeof(sbyte), typeof(ushort), typeof(uint), typeof(ulong), typeof(Int128), typeof(UInt128), typeof(BigInteger),
        typeof(decimal), typeof(double), typeof(float), typeof(Half),
    ];

    private static readonly Type[] Fractional = [typeof(double), typeof(decimal), typeof(float), typeof(Half)];

    /// <summary>How far a type is from a JSON value that fits it.</summary>
    public static int DistanceOf(JsonElement json, Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(object))
        {
            return Far;
        }

        if (type == typeof(JsonElement) || type == typeof(JsonDocument) || typeof(JsonNode).IsAssignableFrom(type))
        {
            return Far - 1;
        }

        return json.ValueKind switch
        {
            JsonValueKind.Number => Place(json.TryGetInt64(out _) ? Whole : Fractional, type),
            JsonValueKind.String => type == typeof(string) ? 0 : 1,
            JsonValueKind.Array => ItemOf(type) is { } item && json.GetArrayLength() > 0 ? DistanceOf(json[0], item) : 0,
            _ => 0,
        };
    }

    private static int Place(Type[] order, Type type) => Array.IndexOf(order, type) is >= 0 and var place ? place : order.Length;

    private static Type? ItemOf(Type type) => type.IsArray ? type.GetElementType() : type.IsGenericType && type.GetGenericArguments() is [var item] ? item : null;
}
