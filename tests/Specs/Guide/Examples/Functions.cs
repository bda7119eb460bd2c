namespace MultiProc.Specs.Guide;

// <functions>
public static class Functions
{
    public static int Square(int x) => x * x;

    public static int Power(int x, int exponent) => (int)Math.Pow(x, exponent);
}
// </functions>
