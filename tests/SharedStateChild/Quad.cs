namespace MultiProc.SharedStateChild;

/// <summary>A value too large to be written in one step; whole when all four are equal.</summary>
public readonly record struct Quad(long A, long B, long C, long D)
{
    public bool IsWhole => A == B && B == C && C == D;

    public static Quad Of(long number) => new(number, number, number, number);
}
