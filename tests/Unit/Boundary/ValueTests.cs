using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics;
using System.Drawing;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MultiProc.Unit.Boundary;

public sealed partial class ValueTests
{
    private enum Tiny : byte { One = 1 }

    private enum Signed : sbyte { Minus = -1 }

    private enum Short : short { Minus = -2 }

    private enum Long : long { Lowest = long.MinValue }

    private enum Unsigned : ulong { Highest = ulong.MaxValue }

    private class Members
    {
        public int Shown = 1;

        public int Common { get; set; }

        public event Action Told { add => Shown++; remove => Shown--; }
    }

    private sealed class DerivedMembers : Members;

    public static TheoryData<object?> Values()
    {
        var data = new TheoryData<object?>();
        object?[] values =
        [
            null, true, false, byte.MaxValue, sbyte.MinValue, short.MinValue, ushort.MaxValue, int.MinValue, int.MaxValue, uint.MaxValue,
            long.MinValue,
            long.MaxValue, ulong.MaxValue, (nint)(-5), nuint.MaxValue, char.MaxValue, '\0', '\ud800', float.NaN, float.Epsilon, -0.0f,
            float.PositiveInfinity,
            double.NaN, double.MinValue, -0.0, BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8_0000_0000_1234)), double.Epsilon,
            decimal.MaxValue, decimal.MinValue, 1.0m, 1.000m, -0.0m, 0.0000000000000000000000000001m,
            "", "a", "\0", "\ud83d\ude00", "\ud800", "\udc00x", "x\ud800y", new string('ä', 100), new string('x', 70_000),
            new string('\ud800', 70_000),
            DateTime.MinValue, DateTime.MaxValue, new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(
                2024, 1, 1, 0, 0, 0, DateTimeKind.Local),
            DateTimeOffset.MinValue, DateTimeOffset.MaxValue, new DateTimeOffset(2024, 1, 1, 1, 2, 3, TimeSpan.FromMinutes(-570)),
            DateOnly.MaxValue, TimeOnly.MaxValue, TimeSpan.MinValue, TimeSpan.MaxValue, Guid.NewGuid(), Guid.Empty,
            new BigInteger(123456789) * long.MaxValue, BigInteger.Zero, BigInteger.MinusOne, new Complex(1.5, -2), Half.MaxValue, Half.NaN,
            Int128.MinValue, UInt128.MaxValue, new Index(3, true), Index.Start, 1..^2, Range.All, new Rune('ä'), new Rune(0x1F600),
            Tiny.One, (Tiny)200, Signed.Minus, Short.Minus, Long.Lowest, Unsigned.Highest, DayOfWeek.Friday, (DayOfWeek)(-9),
            StringComparison.Ordinal,
            (1, "a"), (1, 2, 3, 4, 5, 6, 7, 8, 9, "ten"), Tuple.Create(1, "a"), Tuple.Create(1, 2, 3, 4, 5, 6, 7, Tuple.Create(8, 9)),
            ValueTuple.Create(),
            new Version(1, 2), new Version(1, 2, 3, 4), new Uri("https://example.org/a%20b?x=ä#f"), new Uri("a/b?c", UriKind.Relative),
            new StringBuilder("abc\ud800"), new BitArray([true, false, true]), new BitArray(1000, true), new BitVector32(77), new OperatingSystem(
                PlatformID.Unix, new(1, 2)),
            CultureInfo.GetCultureInfo("de-DE"), CultureInfo.InvariantCulture, new CultureInfo("tr-TR"), new RegionInfo("DE"),
            CompareInfo.GetCompareInfo("sv-SE"),
            new NumberFormatInfo { NumberDecimalSeparator = "#" }, Encoding.UTF8, new UTF8Encoding(false), new UTF8Encoding(false, true),
            Encoding.Unicode,
            Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.ASCII, Encoding.Latin1, Encoding.GetEncoding(
                "us-ascii", EncoderFallback.ExceptionFallback, new DecoderReplacementFallback("!")),
            TimeZoneInfo.Utc, TimeZoneInfo.Local, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
            TimeZoneInfo.CreateCustomTimeZone("mine", TimeSpan.FromHours(3), "Mine", "Mine standard"),
            typeof(int), typeof(List<>), typeof(List<string>[,]), typeof(Dictionary<,>.KeyCollection), typeof(void), typeof(int*),
            typeof(string).MakeByRefType(), typeof(ValueTests),
            typeof(string).GetMethod("IsNullOrEmpty"), typeof(Enumerable).GetMethod("Empty"), typeof(Enumerable).GetMethod("Empty")!.MakeGenericMethod(typeof(int)),
            typeof(List<int>).GetMethod("Add"), typeof(FileStream).GetMethod("CopyTo", [typeof(Stream)]), typeof(string).GetProperty("Length"), typeof(string).GetField("Empty"), typeof(List<int>).GetConstructor([typeof(int)]),
            typeof(FileStream).GetProperty("ReadTimeout"), typeof(AppDomain).GetEvent("ProcessExit"), typeof(DerivedMembers).GetField("Shown"), typeof(DerivedMembers).GetEvent("Told"),
            typeof(DerivedMembers).GetProperty("Common"), typeof(string).GetMethod("IsNullOrEmpty")!.GetParameters()[0], typeof(string).Assembly, typeof(ValueTests).Module,
            IPAddress.Parse("10.1.2.3"), IPAddress.Parse("fe80::1%3"), IPAddress.IPv6Any, new IPEndPoint(IPAddress.Loopback, 80),
            new DnsEndPoint("host", 5),
            new IPNetwork(IPAddress.Parse("10.0.0.0"), 8), default(IPNetwork), PhysicalAddress.Parse("00-11-22-33-44-55"),
            Color.Red, Color.FromArgb(1, 2, 3, 4), new Point(1, 2), new RectangleF(1, 2, 3, 4), new Vector3(1, 2, 3), Matrix4x4.Identity,
            Quaternion.Identity,
            new ConsoleKeyInfo('a', ConsoleKey.A, true, false, true), DBNull.Value, TimeProvider.System,
            new XElement("a", new XAttribute("x", 1), "text", new XElement(XName.Get("b", "urn:y")), new XCData("<>"), new XComment("c")).Name,
            XNamespace.Get("urn:x"), new UriBuilder("http://a/b"),
        ];
        foreach (var value in values)
        {
            data.Add(value);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_arrives_as_it_was(object? value) => DeepEquality.Assert(value, Crossing.Copy(value));

    [Fact]
    public void A_decimal_keeps_its_scale() => Assert.Equal("1.000", Crossing.Copy(1.000m).ToString(CultureInfo.InvariantCulture));

    [Fact]
    public void A_date_keeps_kind_and_the_second_of_two_equal_hours()
    {
        Assert.Equal(DateTimeKind.Local, Crossing.Copy(DateTime.Now).Kind);
        Assert.Equal(DateTimeKind.Utc, Crossing.Copy(DateTime.UtcNow).Kind);
        Assert.Equal(DateTimeKind.Unspecified, Crossing.Copy(DateTime.MaxValue).Kind);
    }

    [Fact]
    public void Nullables_arrive()
    {
        Assert.Null(Crossing.Copy((int?)null));
        Assert.Equal(5, Crossing.Copy((int?)5));
        Assert.Equal([1, null], Crossing.Copy(new int?[] { 1, null }));
    }

    [Fact]
    public void A_culture_keeps_formats_that_were_changed()
    {
        var culture = new CultureInfo("de-DE");
        culture.NumberFormat.NumberDecimalSeparator = "·";
        culture.DateTimeFormat.ShortDatePattern = "yyyy_MM_dd";
        var copy = Crossing.Copy(culture);
        Assert.Equal("1·5", 1.5.ToString(copy));
        Assert.Equal("2024_02_03", new DateTime(2024, 2, 3).ToString("d", copy));
        Assert.False(copy.IsReadOnly);
        Assert.True(Crossing.Copy(CultureInfo.GetCultureInfo("fr-FR")).IsReadOnly);
        var formats = Crossing.Copy(culture.DateTimeFormat);
        Assert.Equal("Montag", formats.GetDayName(DayOfWeek.Monday));
        Assert.IsType<HebrewCalendar>(Crossing.Copy<Calendar>(new HebrewCalendar()));
    }

    [Fact]
    public void A_regular_expression_arrives_with_options_and_timeout()
    {
        var copy = Crossing.Copy(new Regex("A+", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(3)));
        Assert.Matches(copy, "xaax");
        Assert.Equal(TimeSpan.FromSeconds(3), copy.MatchTimeout);
        Assert.Same(Generated(), Crossing.Copy(Generated()));
    }

    [Fact]
    public void Json_arrives()
    {
        var document = JsonDocument.Parse("""{"a":[1,2.50,"x",null,true],"b":{}}""");
        Assert.Equal(document.RootElement.GetRawText(), Crossing.Copy(document).RootElement.GetRawText());
        Assert.True(JsonElement.DeepEquals(document.RootElement, Crossing.Copy(document.RootElement)));
        Assert.Equal(JsonValueKind.Undefined, Crossing.Copy(default(JsonElement)).ValueKind);
        var node = JsonNode.Parse("""{"a":[1,2.50,"x",null,true],"b":{"c":1}}""")!;
        Assert.True(JsonNode.DeepEquals(node, Crossing.Copy(node)));
        var made = new JsonObject(new JsonNodeOptions { PropertyNameCaseInsensitive = true }) { ["When"] = DateTime.UnixEpoch, ["Id"] = Guid.Empty, ["n"] = 5, ["list"] = new JsonArray(1, "a", null) };
        var copy = Crossing.Copy(made);
        Assert.Equal(made.ToJsonString(), copy.ToJsonString());
        Assert.Equal(DateTime.UnixEpoch, copy["WHEN"]!.GetValue<DateTime>());
        Assert.Same(copy, copy["list"]!.Parent);
        var child = Crossing.Copy(made["list"]!);
        Assert.Equal(made.ToJsonString(), child.Parent!.ToJsonString());
        var (root, same) = Crossing.Copy((made, made["list"]!));
        Assert.Same(root["list"], same);
    }

    [Fact]
    public void Xml_arrives_as_the_tree_it_is()
    {
        var document = new XDocument(
            new XDeclaration("1.0", "utf-8", "yes"),
            new XComment("top"),
            new XElement(
                XName.Get("root", "urn:x"), new XAttribute("a", "1"), "text\r\n", new XText("more"), new XCData("<b>"), new XElement("empty"), new XElement("e", "")));
        var copy = Crossing.Copy(document);
        Assert.True(XNode.DeepEquals(document, copy));
        Assert.Equal(document.Declaration!.ToString(), copy.Declaration!.ToString());
        Assert.Equal(document.ToString(), copy.ToString());
        var element = Crossing.Copy(document.Root!.Elements().First());
        Assert.Equal("root", element.Parent!.Name.LocalName);
        Assert.Equal("<e>\u0001</e>".Length, Crossing.Copy(new XElement("e", "\u0001")).Value.Length + 7);
    }

    [Fact]
    public void Random_numbers_go_on_where_they_were()
    {
        var random = new Random(42);
        random.Next();
        var copy = Crossing.Copy(random);
        Assert.Equal(random.Next(), copy.Next());
        Assert.Same(Random.Shared, Crossing.Copy(Random.Shared));
        Crossing.Copy(new Random()).Next();
    }

    [Fact]
    public void Lazy_values_arrive_as_value_or_as_function()
    {
        var five = 5;
        var made = new Lazy<int>(() => five);
        Assert.False(Crossing.Copy(made).IsValueCreated);
        Assert.Equal(5, Crossing.Copy(made).Value);
        _ = made.Value;
        Assert.True(Crossing.Copy(made).IsValueCreated);
    }

    [Fact]
    public void Large_arrays_cross_as_blocks()
    {
        var bytes = new byte[64 << 20];
        var numbers = new double[10_000_000];
        new Random(1).NextBytes(bytes);
        numbers[^1] = 2.5;
        Assert.True(bytes.AsSpan().SequenceEqual(Crossing.Copy(bytes)));
        Assert.True(numbers.AsSpan().SequenceEqual(Crossing.Copy(numbers)));
        Assert.Equal(numbers.Length * sizeof(double), Crossing.Encode(numbers).Length, 64.0);
    }

    [Fact]
    public void A_bag_of_members_arrives()
    {
        dynamic bag = new System.Dynamic.ExpandoObject();
        bag.Name = "a";
        bag.Self = bag;
        var copy = Crossing.Copy((object)bag);
        Assert.Equal("a", ((dynamic)copy).Name);
        Assert.Same(copy, ((dynamic)copy).Self);
    }

    [Fact]
    public void A_stopwatch_keeps_running()
    {
        Assert.True(Crossing.Copy(Stopwatch.StartNew()).IsRunning);
        Assert.False(Crossing.Copy(new Stopwatch()).IsRunning);
    }

    [Fact]
    public void Exceptions_cross_as_plain_values()
    {
        var copy = Crossing.Copy(Thrown());
        Assert.Equal("x.txt", Assert.IsType<FileNotFoundException>(copy.InnerException).FileName);
        Assert.Equal("outer", copy.Message);
        Assert.Equal("v", copy.Data["k"]);
        Assert.Contains(nameof(Thrown), copy.StackTrace);
        Assert.Equal(2, Crossing.Copy(new AggregateException(copy, copy)).InnerExceptions.Count);
    }

    private static Exception Thrown()
    {
        try
        {
            throw new InvalidOperationException("outer", new FileNotFoundException("inner", "x.txt")) { Data = { ["k"] = "v" } };
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }

    [GeneratedRegex("a+b")]
    private static partial Regex Generated();
}
