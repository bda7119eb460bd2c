using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace MultiProc.Unit.Architecture;

public sealed class DocumentationTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly ILookup<string, XElement> Comments = XDocument
        .Load(Path.ChangeExtension(typeof(ProcessPool).Assembly.Location, ".xml"))
        .Descendants("member")
        .ToLookup(static member => NameOf(member.Attribute("name")!.Value), StringComparer.Ordinal);

    public static TheoryData<string> PublicTypes => [.. typeof(ProcessPool).Assembly.GetExportedTypes().Select(static type => type.FullName!)];

    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void Every_public_member_has_a_comment(string typeName)
    {
        var type = typeof(ProcessPool).Assembly.GetType(typeName, throwOnError: true)!;
        var name = typeName.Replace('+', '.');
        Assert.True(SaysSomething(Comments["T:" + name].SingleOrDefault()), $"{name} has no comment");
        Assert.True(Comments["T:" + name].Elements("summary").Count() <= 1, $"{name} has several comments, for its parts");

        var members = type.GetMembers(Declared).Where(IsPublic).GroupBy(member => IdOf(member, name));
        Assert.All(members, group => Assert.True(IsParameter(name, group) || Comments[group.Key].Count(SaysSomething) == group.Count(), $"{group.Key} has no comment"));
    }

    [Fact]
    public void Comments_end_as_sentences_do() =>
        Assert.All(
            Comments.SelectMany(static comment => comment).Select(static comment => comment.Element("summary")?.Value.Trim()).Where(static text => text is not null),
            static text => Assert.Matches(@"[.:]\)?$", text));

    // A positional record's property is described as a parameter.
    private static bool IsParameter(string type, IEnumerable<MemberInfo> members) =>
        members.All(member => member is PropertyInfo && Comments["T:" + type].Elements("param").Any(param => param.Attribute("name")?.Value == member.Name));

    private static bool SaysSomething(XElement? comment) =>
        comment is not null && (comment.Element("inheritdoc") is not null || comment.Element("summary")?.Value.Trim().Length > 0);

    private static bool IsPublic(MemberInfo member) => !member.IsDefined(typeof(CompilerGeneratedAttribute)) && member switch
    {
        MethodInfo method => IsSeen(method) && !method.IsSpecialName,
        ConstructorInfo constructor => IsSeen(constructor) && constructor.GetParameters().Length > 0 && !IsPrimary(constructor),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsSeen) && property.Name != "EqualityContract",
        FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
        _ => false,
    };

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    // The parameters of a record belong to its own comment.
    private static bool IsPrimary(ConstructorInfo constructor) =>
        constructor.DeclaringType!.GetMethod("Deconstruct", Declared) is { } deconstruct
        && deconstruct.GetParameters().Length == constructor.GetParameters().Length;

    private static string IdOf(MemberInfo member, string type) => member switch
    {
        ConstructorInfo => $"M:{type}.#ctor",
        MethodInfo => $"M:{type}.{member.Name}",
        PropertyInfo => $"P:{type}.{member.Name}",
        _ => $"F:{type}.{member.Name}",
    };

    // Overloads share a name; how many of them there are is enough to know that none is missing.
    private static string NameOf(string id)
    {
        var name = id.Split('(')[0];
        var arity = name.LastIndexOf("``", StringComparison.Ordinal);
        return arity < 0 ? name : name[..arity];
    }
}
