using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace MultiProc.Unit.Architecture;

public sealed partial class SourceRulesTests
{
    // What the compiler makes of regular expressions has a type of its own for what they share.
    private const string GeneratedExpressions = "System.Text.RegularExpressions.Generated";

    [Fact]
    public void No_type_is_named_after_nothing_in_particular()
    {
        Assembly[] assemblies = [typeof(ProcessPool).Assembly, typeof(Protocol.ProtocolVersion).Assembly, typeof(Worker.Calls.Inbox).Assembly];
        Assert.DoesNotContain(
            assemblies.SelectMany(static assembly => assembly.GetTypes()),
            static type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Namespace != GeneratedExpressions && NothingInParticular().IsMatch(type.Name));
    }

    [Fact]
    public void Nothing_is_left_to_be_done() => Assert.Empty(FilesWith(LeftToBeDone()));

    private static IEnumerable<string> FilesWith(Regex pattern) =>
        Sources.Files().Where(file => file.Lines.Any(line => pattern.IsMatch(line))).Select(static file => file.Path);

    [GeneratedRegex("Util|Helper|Manager|Common")]
    private static partial Regex NothingInParticular();

    [GeneratedRegex(@"\bTODO\b|\bHACK\b|\bFIXME\b|NotImplementedException|#region")]
    private static partial Regex LeftToBeDone();
}
