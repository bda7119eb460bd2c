namespace MultiProc.Specs.Guide;

// <crash-functions>
public static class Parser
{
    public static int Parse(string text)
    {
        if (text.Length == 0)
        {
            Environment.FailFast("as a crash in native code would end it");
        }

        return int.Parse(text);
    }
}
// </crash-functions>
