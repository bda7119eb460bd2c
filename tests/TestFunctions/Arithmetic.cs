namespace MultiProc.TestFunctions;

/// <summary>The smallest functions there are.</summary>
public static class Arithmetic
{
    /// <summary>Adds.</summary>
    public static int Add(int a, int b) => a + b;

    /// <summary>Squares.</summary>
    public static int Square(int value) => value * value;
}
