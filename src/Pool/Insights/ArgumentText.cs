using MultiProc.Boundary;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Records;

namespace MultiProc.Insights;

/// <summary>A short text of the arguments of a call, for people, decoded from the bytes that were sent.</summary>
internal static class ArgumentText
{
    private const int MaxLength = 100;

    public static string Of(WorkUnit unit, SurrogateRules? rules)
    {
        try
        {
            var arguments = unit.Body;
            if (unit.IsSequence)
            {
                arguments = ItemBlock.TakeItem(ref arguments);
            }

            var text = string.Join(", ", new RecordedFunction(default, unit.Function, arguments, new RecordedLive(TextWriter.Null, default) { Rules = rules }).Describe());
            return (text.Length <= MaxLength ? text : text[..MaxLength] + "...") + (unit.Count > 1 ? $" and {unit.Count - 1} more" : "");
        }
        catch (Exception exception)
        {
            // For example, a shared object may be gone by now. Nothing depends on the text.
            return $"not to be shown: {exception.Message}";
        }
    }
}
