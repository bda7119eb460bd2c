using System.Buffers.Binary;
using System.Reflection.Emit;

namespace MultiProc.Boundary;

/// <summary>The fields and methods that compiled code names.</summary>
internal static class CodeTokens
{
    private static readonly Dictionary<short, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(field => field.GetValue(null))
        .OfType<OpCode>()
        .ToDictionary(code => code.Value, code => code.OperandType);

    /// <summary>The metadata tokens of field, method and token operands in <paramref name="code"/>.</summary>
    public static IEnumerable<int> In(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            short value = code[at++];
            if (value == 0xFE)
            {
                value = unchecked((short)(0xFE00 | code[at++]));
            }

            var operand = Operands[value];
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok)
            {
                yield return BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));
            }

            at += Length(operand, code, at);
        }
    }

    /// <summary>Whether <paramref name="code"/>, the body of an instance method, reads its <c>this</c>.</summary>
    public static bool UseThis(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            short value = code[at++];
            if (value == 0xFE)
            {
                value = unchecked((short)(0xFE00 | code[at++]));
            }

            // ldarg.0; or in its longer forms, or by its address.
            if (value == OpCodes.Ldarg_0.Value
                || (value == OpCodes.Ldarg_S.Value || value == OpCodes.Ldarga_S.Value ? code[at] == 0
                    : (value == OpCodes.Ldarg.Value || value == OpCodes.Ldarga.Value) && BinaryPrimitives.ReadInt16LittleEndian(code.AsSpan(at)) == 0))
            {
                return true;
            }

            at += Length(Operands[value], code, at);
        }

        return false;
    }

    private static int Length(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))),
        _ => 4,
    };
}
