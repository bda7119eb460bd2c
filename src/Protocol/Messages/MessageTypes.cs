namespace MultiProc.Protocol.Messages;

/// <summary>The parameter types of the notifications, which the formatter needs to know.</summary>
internal static class MessageTypes
{
    public static readonly Type[] Done = [typeof(RecordBlock)];

    public static readonly Type[] Assign = [typeof(int), typeof(string)];

    public static readonly Type[] Run = [typeof(WorkUnit[])];

    public static readonly Type[] Recall = [typeof(long[])];

    public static readonly Type[] Cancel = [typeof(long), typeof(int), typeof(int)];

    public static readonly Type[] Credit = [typeof(int), typeof(long)];

    public static readonly Type[] Report = [typeof(long), typeof(int), typeof(ReadOnlyMemory<byte>)];

    public static readonly Type[] Log =
        [typeof(int), typeof(int), typeof(string), typeof(string), typeof(string), typeof(string), typeof(string[]), typeof(long)];
}
