using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Xml;

namespace MultiProc.Unit.Boundary;

/// <summary>Framework types that hold nothing but data, in their own way.</summary>
public sealed class KnownCopyTests
{
    [Fact]
    public void Memory_streams_keep_bytes_position_and_what_may_be_done_with_them()
    {
        using var stream = new MemoryStream();
        stream.Write([1, 2, 3]);
        stream.Position = 1;
        using var copy = Crossing.Copy(stream);
        Assert.Equal(2, copy.ReadByte());
        Assert.Equal([1, 2, 3], copy.ToArray());
        copy.Position = 3;
        copy.WriteByte(4);
        Assert.Equal(4, copy.Length);
        using var fixedOne = Crossing.Copy<Stream>(new MemoryStream([1, 2], writable: false));
        Assert.False(fixedOne.CanWrite);
        Assert.Throws<NotSupportedException>(() => Crossing.Copy(new MemoryStream([1, 2])).SetLength(10));
        stream.Dispose();
        Assert.Contains("closed", Crossing.Refused(stream).Message);
    }

    [Fact]
    public void Readers_and_writers_of_text_keep_their_place()
    {
        using var reader = new StringReader("one\ntwo\nthree");
        reader.ReadLine();
        Assert.Equal("two", Crossing.Copy(reader).ReadLine());
        using var writer = new StringWriter(CultureInfo.GetCultureInfo("de-DE")) { NewLine = "|" };
        writer.Write(1.5);
        writer.WriteLine();
        using var copy = Crossing.Copy<TextWriter>(writer);
        copy.Write(2.5);
        Assert.Equal("1,5|2,5", copy.ToString());
    }

    [Fact]
    public void Paths_are_the_same_file_and_keep_their_spelling()
    {
        var file = Crossing.Copy(new FileInfo("some/file.txt"));
        Assert.Equal(Path.GetFullPath("some/file.txt"), file.FullName);
        Assert.Equal("some/file.txt", file.ToString());
        Assert.Equal("file.txt", file.Name);
        Assert.Equal(Path.GetFullPath("some"), Crossing.Copy<FileSystemInfo>(new DirectoryInfo("some")).FullName);
    }

    [Fact]
    public void Small_values_of_the_network_cross()
    {
        Assert.Equal(HttpMethod.Patch, Crossing.Copy(HttpMethod.Patch));
        Assert.Equal("BREW", Crossing.Copy(new HttpMethod("BREW")).Method);
        var address = Crossing.Copy(new MailAddress("ada@example.org", "Ada", Encoding.UTF8));
        Assert.Equal("\"Ada\" <ada@example.org>", address.ToString());
        Assert.Same(IPAddress.Loopback, Crossing.Copy(IPAddress.Loopback));
        Assert.Same(IPAddress.IPv6Any, Crossing.Copy<object>(IPAddress.IPv6Any));
        Assert.Equal(typeof(IPAddress), Crossing.Copy(IPAddress.Parse("10.0.0.1")).GetType());
        Assert.Equal(IPAddress.Loopback.GetType(), Crossing.Copy(IPAddress.Loopback).GetType());
    }

    [Fact]
    public void Who_somebody_is_crosses_with_all_claims()
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada") { Properties = { ["k"] = "v" } }, new Claim(ClaimTypes.Role, "admin")], "test") { Label = "label" };
        var copy = Crossing.Copy(new ClaimsPrincipal(identity));
        Assert.True(copy.IsInRole("admin"));
        Assert.Equal("ada", copy.Identity!.Name);
        Assert.True(copy.Identity.IsAuthenticated);
        Assert.Equal("v", copy.FindFirst(ClaimTypes.Name)!.Properties["k"]);
        Assert.Same(copy.Identity, copy.FindFirst(ClaimTypes.Name)!.Subject);
        Assert.True(Crossing.Copy(new System.Security.Principal.GenericPrincipal(new System.Security.Principal.GenericIdentity("ada"), ["admin"])).IsInRole("admin"));
    }

    [Fact]
    public void Keys_cross_as_numbers()
    {
        using var rsa = RSA.Create(1024);
        var copy = Crossing.Copy(rsa.ExportParameters(includePrivateParameters: true));
        using var other = RSA.Create(copy);
        Assert.Equal(rsa.ExportRSAPrivateKey(), other.ExportRSAPrivateKey());
    }

    [Fact]
    public void Certificates_cross_without_private_key_and_are_refused_with_one()
    {
        using var key = RSA.Create(2048);
        using var own = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadCertificate(own.RawData);
        using var copy = Crossing.Copy(certificate);
        Assert.Equal(certificate.Thumbprint, copy.Thumbprint);
        Assert.Contains("private key", Crossing.Refused(own).Message);
    }

    [Fact]
    public void Settings_of_json_cross()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            WriteIndented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            ReferenceHandler = ReferenceHandler.IgnoreCycles,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new JsonStringEnumConverter(), new Shouting() },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        var expected = JsonSerializer.Serialize(new Data("é", DayOfWeek.Friday, null), options);
        Assert.Equal(expected, JsonSerializer.Serialize(new Data("é", DayOfWeek.Friday, null), Crossing.Copy(options)));
        Assert.Contains("É!", expected);
        Assert.True(Crossing.Copy(options).IsReadOnly);
        Assert.Same(JsonSerializerOptions.Web, Crossing.Copy(JsonSerializerOptions.Web));
        Assert.False(Crossing.Copy(new JsonSerializerOptions()).IsReadOnly);
    }

    [Fact]
    public void Formats_documents_and_starts_of_processes_cross()
    {
        Assert.Equal("a 1 b", string.Format(CultureInfo.InvariantCulture, Crossing.Copy(CompositeFormat.Parse("a {0} b")), 1));
        var document = new XmlDocument { PreserveWhitespace = true };
        document.LoadXml("<a>\n  <b c='1'>text</b>\n</a>");
        Assert.Equal(document.OuterXml, Crossing.Copy(document).OuterXml);
        Assert.Equal("", Crossing.Copy(new XmlDocument()).OuterXml);
        var start = new ProcessStartInfo("tool", ["a b", "c"]) { WorkingDirectory = "/", RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8, Environment = { ["X"] = "1" } };
        var copy = Crossing.Copy(start);
        Assert.Equal(("tool", "/", true, "1"), (copy.FileName, copy.WorkingDirectory, copy.RedirectStandardOutput, copy.Environment["X"]));
        Assert.Equal(["a b", "c"], copy.ArgumentList);
    }

    [Fact]
    public void Part_of_a_text_stays_part_of_a_text()
    {
        var copy = Crossing.Copy("hello world".AsMemory(6, 5));
        Assert.Equal("world", copy.ToString());
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetString(copy, out _, out _, out _));
        Assert.Equal("abc", Crossing.Copy<ReadOnlyMemory<char>>(new[] { 'a', 'b', 'c' }).ToString());
        Assert.Equal("", Crossing.Copy(default(ReadOnlyMemory<char>)).ToString());
    }

    [Fact]
    public void Method_group_on_an_object_that_it_does_not_use_should_be_static()
    {
        var refusal = Crossing.FunctionRefused(new Service().Twice);
        Assert.Contains("make it static", refusal.Message);
        Assert.DoesNotContain("make it static", Crossing.FunctionRefused(new Service().Uses).Message);
    }

    [Fact]
    public void Services_are_refused_each_with_its_own_way_out()
    {
        Assert.Contains("WorkerContext.Current.CreateLogger", Crossing.Refused<Microsoft.Extensions.Logging.ILoggerFactory>(Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance).Message);
    }

    private sealed record Data(string Text, DayOfWeek Day, string? Nothing);

    private sealed class Shouting : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToUpperInvariant() + "!");
    }

    private sealed class Service
    {
        private readonly Task _task = Task.CompletedTask;

#pragma warning disable CA1822 // That is what the test is about.
        public int Twice(int value) => value * 2;
#pragma warning restore CA1822

        public int Uses() => _task.Id;
    }
}
