using Microsoft.Extensions.Options;

namespace MultiProc.PackageTypes;

/// <summary>Objects of popular packages, the way their users have them.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<Sample> All { get; } =
    [
        Samples.Of("FSharp.Core", () => Microsoft.FSharp.Collections.SetModule.OfSeq(["a", "b", "c"]), set => set.Contains("b") && set.Count == 3),
        Samples.Of("FSharp.Core", () => Microsoft.FSharp.Collections.MapModule.OfSeq([Tuple.Create("a", 1), Tuple.Create("b", 2)]), map => map["b"] == 2 && map.Count == 2),
        Samples.Of("FSharp.Core", () => Microsoft.FSharp.Collections.ListModule.OfSeq([1, 2, 3])),
        Samples.Of("FSharp.Core", () => Microsoft.FSharp.Core.FSharpOption<int>.Some(5)),
        Samples.Of("NodaTime", () => new NodaTime.LocalDate(2026, 11, 30)),
        Samples.Of("NodaTime", () => NodaTime.Instant.FromUtc(2026, 11, 30, 12, 0)),
        Samples.Of("NodaTime", () => NodaTime.Duration.FromMinutes(90)),
        Samples.Of("NodaTime", () => NodaTime.Period.FromDays(3)),
        Samples.Of("NodaTime", () => NodaTime.DateTimeZoneProviders.Tzdb["Europe/Berlin"].AtStrictly(new NodaTime.LocalDateTime(2026, 6, 1, 12, 0))),
        Samples.Of("NodaTime", () => new NodaTime.OffsetDateTime(new NodaTime.LocalDateTime(2026, 6, 1, 12, 0), NodaTime.Offset.FromHours(2))),
        Samples.Of("J2N", () => new J2N.Collections.Generic.Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }, map => map["b"] == 2 && map.Count == 2),
        Samples.Of("J2N", () => new J2N.Collections.Generic.HashSet<string> { "a", "b" }, set => set.Contains("b")),
        Samples.Of("J2N", () => new J2N.Collections.Generic.LinkedHashSet<string> { "b", "a" }, set => set.Contains("a") && set.First() == "b"),
        Samples.Of("J2N", () => new J2N.Collections.Generic.List<string> { "a", "b" }),
        Samples.Of("J2N", () => new J2N.Collections.Generic.SortedSet<string> { "b", "a" }, set => set.Contains("a") && set.First() == "a"),
        Samples.Of("Lucene.Net", () => new Lucene.Net.Search.TermQuery(new Lucene.Net.Index.Term("title", "fox"))),
        Samples.Of("Lucene.Net", () => new Lucene.Net.Search.BooleanQuery { { new Lucene.Net.Search.TermQuery(new Lucene.Net.Index.Term("title", "fox")), Lucene.Net.Search.Occur.MUST } }),
        Samples.Of("Lucene.Net", () => new Lucene.Net.Search.PhraseQuery { new Lucene.Net.Index.Term("title", "quick"), new Lucene.Net.Index.Term("title", "fox") }),
        Samples.Of("BouncyCastle.Cryptography", () => new Org.BouncyCastle.Math.BigInteger("123456789012345678901234567890"), number => number.BitLength == 97 && number.Add(Org.BouncyCastle.Math.BigInteger.One).ToString() == "123456789012345678901234567891"),
        Samples.Of("BouncyCastle.Cryptography", () => new Org.BouncyCastle.Asn1.DerObjectIdentifier("1.2.840.113549")),
        Samples.Of("YamlDotNet", () => new YamlDotNet.RepresentationModel.YamlScalarNode("text")),
        Samples.Of("YamlDotNet", () => new YamlDotNet.RepresentationModel.YamlMappingNode(new YamlDotNet.RepresentationModel.YamlScalarNode("key"), new YamlDotNet.RepresentationModel.YamlScalarNode("value")), node => node["key"].ToString() == "value"),
        Samples.Of("YamlDotNet", () => new YamlDotNet.RepresentationModel.YamlSequenceNode(new YamlDotNet.RepresentationModel.YamlScalarNode("one"))),
        Samples.Of("LanguageExt.Core", () => LanguageExt.Prelude.toHashMap(new[] { ("a", 1), ("b", 2), ("c", 3) }), map => map.ContainsKey("b") && map.Count == 3, "HashMap<String, Int32>"),
        Samples.Of("LanguageExt.Core", () => LanguageExt.Prelude.toHashSet(new[] { "a", "b", "c" }), set => set.Contains("b") && set.Count == 3, "HashSet<String>"),
        Samples.Refused("LanguageExt.Core", () => LanguageExt.Prelude.toMap(new[] { ("a", 1), ("b", 2) }), "WithSurrogate", "Map<String, Int32>"),
        Samples.Of("LanguageExt.Core", () => LanguageExt.Prelude.toSeq(new[] { 1, 2, 3 }), seq => seq.Count == 3, "Seq<Int32>"),
        Samples.Of("LanguageExt.Core", () => LanguageExt.Prelude.Some(5), name: "Option<Int32>"),
        Samples.Of("Google.Protobuf", () => Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(new DateTime(2026, 11, 30, 0, 0, 0, DateTimeKind.Utc))),
        Samples.Of("Google.Protobuf", () => Google.Protobuf.ByteString.CopyFromUtf8("bytes")),
        Samples.Of("Google.Protobuf", () => new Google.Protobuf.WellKnownTypes.Struct { Fields = { ["a"] = Google.Protobuf.WellKnownTypes.Value.ForNumber(1) } }, message => message.Fields["a"].NumberValue == 1),
        Samples.Of("MathNet.Numerics", () => MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(new double[,] { { 1, 2 }, { 3, 4 } }), name: "Matrix<Double>"),
        Samples.Of("MathNet.Numerics", () => MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense([1, 2, 3]), name: "Vector<Double>"),
        Samples.Of("MathNet.Numerics", () => new MathNet.Numerics.Polynomial(1, 2, 3)),
        Samples.Of("NetTopologySuite", () => new NetTopologySuite.Geometries.Point(1, 2)),
        Samples.Of("NetTopologySuite", () => (NetTopologySuite.Geometries.Polygon)new NetTopologySuite.IO.WKTReader().Read("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))"), polygon => polygon.Area == 16 && polygon.Contains(new NetTopologySuite.Geometries.Point(1, 1))),
        Samples.Of("NetTopologySuite", () => new NetTopologySuite.Geometries.Envelope(0, 1, 2, 3)),
        Samples.Of("Microsoft.EntityFrameworkCore", () => new Entities.Order { Id = 7, Lines = { new Entities.Line { Name = "tea" } } }, order => order.Lines[0].Name == "tea", "entities, without their context"),
        Samples.Refused("Microsoft.EntityFrameworkCore", () => new Entities.Shop(), "create the context in the worker", "DbContext"),
        Samples.Of("Microsoft.Extensions.Identity.Stores", () => new Microsoft.AspNetCore.Identity.IdentityUser { Id = "1", UserName = "ada", ConcurrencyStamp = "c", SecurityStamp = "s" }),
        Samples.Of("Microsoft.Extensions.Identity.Stores", () => new Entities.ApplicationUser { Id = "1", UserName = "ada", ConcurrencyStamp = "c", SecurityStamp = "s", Nickname = "A" }, user => user.Nickname == "A", "classes derived from IdentityUser"),
        Samples.Of("Newtonsoft.Json", () => Newtonsoft.Json.Linq.JObject.Parse("""{"a":[1,2,{"b":null}]}"""), json => (int)json["a"]![1]! == 2),
        Samples.Of("Newtonsoft.Json", () => new Newtonsoft.Json.Linq.JArray(1, "two", 3.0), json => json.Count == 3),
        Samples.Of("Newtonsoft.Json", () => new Newtonsoft.Json.JsonSerializerSettings { Formatting = Newtonsoft.Json.Formatting.Indented }),
        Samples.Of("UnitsNet", () => UnitsNet.Length.FromMeters(3.5)),
        Samples.Of("UnitsNet", () => UnitsNet.Mass.FromKilograms(70), mass => mass.Pounds > 154),
        Samples.Of("CsvHelper", () => new CsvHelper.Configuration.CsvConfiguration(System.Globalization.CultureInfo.InvariantCulture) { Delimiter = ";" }, configuration => configuration.Delimiter == ";"),
        Samples.Of("Humanizer.Core", () => Humanizer.ByteSize.FromKilobytes(10)),
        Samples.Of("Polly.Core", () => new Polly.Retry.RetryStrategyOptions { MaxRetryAttempts = 7 }, options => options.MaxRetryAttempts == 7),
        Samples.Of("Serilog", () => new Serilog.Events.ScalarValue(42)),
        Samples.Of("Serilog", () => new Serilog.Parsing.MessageTemplateParser().Parse("Hello {Name}"), template => template.Text == "Hello {Name}"),
        Samples.Of("HtmlAgilityPack", Html, html => html.DocumentNode.SelectSingleNode("//b")?.InnerText == "bold"),
        Samples.Of("AngleSharp", () => new AngleSharp.Dom.Url("https://example.org/a?b=c")),
        Samples.Of("AngleSharp", () => new AngleSharp.Css.Priority(0, 1, 2, 3)),
        Samples.Of("Markdig", () => Markdig.Markdown.Parse("# Title\n\ntext"), document => document.Count == 2),
        Samples.Of("Microsoft.CodeAnalysis.CSharp", () => Microsoft.CodeAnalysis.Text.TextSpan.FromBounds(3, 9)),
        Samples.Of("Microsoft.CodeAnalysis.CSharp", () => new Microsoft.CodeAnalysis.CSharp.CSharpParseOptions(Microsoft.CodeAnalysis.CSharp.LanguageVersion.CSharp13), options => options.LanguageVersion == Microsoft.CodeAnalysis.CSharp.LanguageVersion.CSharp13),
        Samples.Of("Microsoft.ML.DataView", () => new Microsoft.ML.Data.VBuffer<float>(3, [1f, 2f, 3f]), buffer => buffer.GetItemOrDefault(2) == 3f),
        Samples.Of("Microsoft.ML.DataView", () => Microsoft.ML.Data.NumberDataViewType.Single, type => ReferenceEquals(type, Microsoft.ML.Data.NumberDataViewType.Single) || type.ToString() == "Single"),
        Samples.Of("Stateless", () => new Stateless.Reflection.InvocationInfo("method", "description", Stateless.Reflection.InvocationInfo.Timing.Synchronous)),
        Samples.Of("FluentValidation", () => new FluentValidation.Results.ValidationFailure("Name", "is missing", "x")),
        Samples.Of("FluentValidation", () => new FluentValidation.Results.ValidationResult([new FluentValidation.Results.ValidationFailure("Name", "is missing")]), result => !result.IsValid),
        Samples.Of("Bogus", () => new Bogus.Randomizer(7)),
        Samples.Of("Semver", () => Semver.SemVersion.Parse("1.2.3-beta.1+build")),
        Samples.Of("NuGet.Versioning", () => NuGet.Versioning.NuGetVersion.Parse("1.2.3-beta")),
        Samples.Of("NuGet.Versioning", () => NuGet.Versioning.VersionRange.Parse("[1.0,2.0)"), range => range.Satisfies(NuGet.Versioning.NuGetVersion.Parse("1.5.0"))),
        Samples.Of("System.Numerics.Tensors", () => System.Numerics.Tensors.Tensor.Create<float>([1f, 2f, 3f, 4f], [2, 2]), tensor => tensor[1, 0] == 3f && tensor.Rank == 2),
        Samples.Of("OneOf", () => OneOf.OneOf<int, string>.FromT1("text"), value => value.IsT1 && value.AsT1 == "text"),
        Samples.Of("CSharpFunctionalExtensions", () => CSharpFunctionalExtensions.Maybe.From("text")),
        Samples.Of("CSharpFunctionalExtensions", () => CSharpFunctionalExtensions.Result.Success(5), result => result.IsSuccess && result.Value == 5),
        Samples.Of("Ardalis.SmartEnum", () => Entities.Colour.Red, colour => colour == Entities.Colour.Red, "enumerations derived from SmartEnum"),
        Samples.Of("MimeKit", () => new MimeKit.MailboxAddress("Ada", "ada@example.org")),
        Samples.Of("MimeKit", () => new MimeKit.ContentType("text", "plain"), type => type.MimeType == "text/plain"),
        Samples.Of("DnsClient", () => DnsClient.DnsString.Parse("example.org")),
        Samples.Of("libphonenumber-csharp", () => PhoneNumbers.PhoneNumberUtil.GetInstance().Parse("+41 44 668 18 00", "CH")),
        Samples.Of("Cronos", () => Cronos.CronExpression.Parse("*/5 * * * *"), cron => cron.GetNextOccurrence(new DateTime(2026, 1, 1, 0, 1, 0, DateTimeKind.Utc)) == new DateTime(2026, 1, 1, 0, 5, 0, DateTimeKind.Utc)),
        Samples.Of("NCrontab", () => NCrontab.CrontabSchedule.Parse("*/5 * * * *"), cron => cron.GetNextOccurrence(new DateTime(2026, 1, 1, 0, 1, 0)).Minute == 5),
        Samples.Of("Ulid", () => System.Ulid.Parse("01ARZ3NDEKTSV4RRFFQ69G5FAV", System.Globalization.CultureInfo.InvariantCulture)),
        Samples.Of("Superpower", () => new Superpower.Model.Position(3, 1, 3)),
        Samples.Of("Ical.Net", () => new Ical.Net.DataTypes.CalDateTime(2026, 11, 30, 12, 0, 0)),
        Samples.Of("QuikGraph", Graph, graph => graph.ContainsVertex("b") && graph.ContainsEdge("a", "b") && graph.OutEdges("a").Count() == 1, "AdjacencyGraph<String, Edge<String>>"),
        Samples.Refused("Microsoft.Extensions.Caching.Memory", () => new Microsoft.Extensions.Caching.Memory.MemoryCache(new Microsoft.Extensions.Caching.Memory.MemoryCacheOptions()), "initializer"),
        Samples.Refused("Microsoft.Extensions.Configuration", () => new Microsoft.Extensions.Configuration.ConfigurationManager(), "Get<MyOptions>()"),
        Samples.Refused("Microsoft.Extensions.Http", Clients, "Create an HttpClient in the worker", "IHttpClientFactory"),
        Samples.Of("Microsoft.Extensions.Options", () => Options.Create(new Entities.Settings { Name = "n" }), options => options.Value.Name == "n", "IOptions<T>"),
    ];

    private static HtmlAgilityPack.HtmlDocument Html()
    {
        var document = new HtmlAgilityPack.HtmlDocument();
        document.LoadHtml("<p>some <b>bold</b> text</p>");
        return document;
    }

    private static QuikGraph.AdjacencyGraph<string, QuikGraph.Edge<string>> Graph()
    {
        var graph = new QuikGraph.AdjacencyGraph<string, QuikGraph.Edge<string>>();
        graph.AddVerticesAndEdge(new QuikGraph.Edge<string>("a", "b"));
        return graph;
    }

    private static IHttpClientFactory Clients()
    {
        var services = new Microsoft.Extensions.DependencyInjection.ServiceCollection();
        Microsoft.Extensions.DependencyInjection.HttpClientFactoryServiceCollectionExtensions.AddHttpClient(services);
        var provider = Microsoft.Extensions.DependencyInjection.ServiceCollectionContainerBuilderExtensions.BuildServiceProvider(services);
        return (IHttpClientFactory)provider.GetService(typeof(IHttpClientFactory))!;
    }
}
