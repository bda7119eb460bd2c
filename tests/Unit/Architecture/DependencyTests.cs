using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using MultiProc.Boundary;

namespace MultiProc.Unit.Architecture;

public sealed class DependencyTests
{
    private static readonly Assembly Pool = typeof(ProcessPool).Assembly;
    private static readonly Assembly Boundary = typeof(BoundaryWriter).Assembly;
    private static readonly Assembly Protocol = typeof(Protocol.ProtocolVersion).Assembly;
    private static readonly Assembly Worker = typeof(Worker.Calls.Inbox).Assembly;

    [Fact]
    public void Only_the_protocol_knows_how_messages_are_made()
    {
        string[] libraries = ["StreamJsonRpc", "MessagePack", "Nerdbank"];
        bool IsOne(string name) => libraries.Any(library => name.StartsWith(library, StringComparison.Ordinal));

        Assert.Contains(References(Protocol), IsOne);
        Assert.DoesNotContain(References(Pool), IsOne);
        Assert.DoesNotContain(References(Worker), IsOne);
    }

    [Fact]
    public void The_boundary_knows_how_values_are_encoded_and_nothing_of_pools_pipes_and_messages()
    {
        Assert.DoesNotContain(References(Boundary), static name => name.StartsWith("MultiProc", StringComparison.Ordinal));
        Assert.DoesNotContain(References(Boundary), static name => name.StartsWith("StreamJsonRpc", StringComparison.Ordinal) || name.StartsWith("Nerdbank", StringComparison.Ordinal));
        Assert.Contains("MessagePack", References(Boundary));
    }

    [Fact]
    public void Pool_and_worker_know_the_protocol_and_not_each_other()
    {
        Assert.DoesNotContain("MultiProc.Worker", References(Pool));
        Assert.DoesNotContain("MultiProc", References(Worker));
        Assert.Equal(["MultiProc.Boundary"], References(Protocol).Where(static name => name.StartsWith("MultiProc", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_command_line_uses_the_library_as_any_user_does()
    {
        var projects = XDocument.Load(Path.Combine(Sources.Root, "Host/MultiProc.Host.csproj")).Descendants("ProjectReference")
            .Select(static reference => (reference.Attribute("Include")!.Value, reference.Attribute("Condition")?.Value));
        var friends = Friends(Pool).Concat(Friends(Boundary)).Concat(Friends(Protocol)).Concat(Friends(Worker));

        // When packages are made, the compiler is shown the protocol's assembly, which is no friend either.
        Assert.Equal([("../Pool/MultiProc.csproj", null), ("../Protocol/MultiProc.Protocol.csproj", "'$(_IsPacking)' == 'true'")], projects);
        Assert.DoesNotContain("MultiProc.Host", friends);
    }

    [Fact]
    public void Only_the_library_shows_types_to_its_users()
    {
        Assert.Empty(Boundary.GetExportedTypes());
        Assert.Empty(Protocol.GetExportedTypes());
        Assert.Empty(Worker.GetExportedTypes());
    }

    private static string[] References(Assembly assembly) => [.. assembly.GetReferencedAssemblies().Select(static name => name.Name!)];

    private static IEnumerable<string> Friends(Assembly assembly) =>
        assembly.GetCustomAttributes<InternalsVisibleToAttribute>().Select(static friend => friend.AssemblyName);
}
