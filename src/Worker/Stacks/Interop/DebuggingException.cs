namespace MultiProc.Worker.Stacks.Interop;

/// <summary>The exception for a target that cannot be inspected.</summary>
internal sealed class DebuggingException(string message) : Exception(message)
{
    public static void Check(int result, string what)
    {
        if (result < 0)
        {
            throw new DebuggingException($"{what} failed with 0x{result:X8}.");
        }
    }
}
