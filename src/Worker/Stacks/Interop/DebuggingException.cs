namespace MultiProc.Worker.Stacks.Interop;

/// <summary>The target cannot be looked into.</summary>
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
