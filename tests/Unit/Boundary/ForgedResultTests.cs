using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Xml.Linq;
using MultiProc.Boundary;

namespace MultiProc.Unit.Boundary;

/// <summary>Results that look like those of a function, and would cost their host time or memory, or hold what cannot be.</summary>
public sealed class ForgedResultTests
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    [Fact]
    public void Cultures_that_a_worker_made_up_are_taken_up_to_a_number_and_those_of_the_system_always()
    {
        var refused = 0;
        for (var i = 0; i < 3 * Cultures.MaxNames; i++)
        {
            try
            {
                Crossing.FromWorker(new CultureInfo($"q{(char)('a' + (i % 26))}{(char)('a' + (i / 26 % 26))}-Q{(char)('A' + (i / 676))}"));
            }
            catch (BoundaryFormatException exception)
            {
                Assert.Contains("different cultures", exception.Message);
                refused++;
            }
        }

        Assert.True(refused >= 2 * Cultures.MaxNames, $"{refused} were refused.");
        Assert.Equal("rm-CH", Crossing.FromWorker(new CultureInfo("rm-CH")).Name);
        Assert.Equal("fo-FO", Crossing.FromWorker(CultureInfo.GetCultureInfo("fo-FO")).Name);
        Assert.Equal("CH", Crossing.FromWorker(new RegionInfo("CH")).Name);
    }

    [Fact]
    public void Time_zones_of_the_system_come_back_as_they_were()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones().Append(TimeZoneInfo.Local).Append(TimeZoneInfo.Utc))
        {
            var copy = Crossing.FromWorker(zone);
            Assert.True(copy.Equals(zone) && copy.HasSameRules(zone), zone.Id);
        }

        var rule = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            DateTime.MinValue, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday),
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5));
        var own = TimeZoneInfo.CreateCustomTimeZone("own", TimeSpan.FromHours(1), "Own", "Standard", "Daylight", [rule]);
        Assert.True(Crossing.FromWorker(own).HasSameRules(own));
    }

    [Fact]
    public void Time_zones_that_cannot_be_are_refused()
    {
        Refused(zone => Set(zone, "_baseUtcOffset", TimeSpan.FromHours(100)));
        Refused(zone => Set(zone, "_id", null));
        Refused(zone => Set(((TimeZoneInfo.AdjustmentRule[])Get(zone, "_adjustmentRules")!)[0], "_dateEnd", DateTime.MinValue));
        Refused(zone => ((TimeZoneInfo.AdjustmentRule[])Get(zone, "_adjustmentRules")!)[0] = null!);

        static void Refused(Action<TimeZoneInfo> forge)
        {
            var rule = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                new DateTime(2000, 1, 1), new DateTime(2020, 1, 1), TimeSpan.FromHours(1),
                TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5), TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5));
            var zone = TimeZoneInfo.CreateCustomTimeZone("own", TimeSpan.FromHours(1), "Own", "Standard", "Daylight", [rule]);
            forge(zone);
            var error = Assert.Throws<BoundaryFormatException>(() => Crossing.FromWorker(zone));
            Assert.Contains("A time zone is none that .NET could have made", error.Message);
        }
    }

    [Fact]
    public void Xml_trees_come_back_whole()
    {
        var document = XDocument.Parse("<?xml version='1.0'?><!DOCTYPE a><a x='1' y='2'><b>text<![CDATA[ < ]]></b><!-- c --><?p d?><e/></a>");
        var copy = Crossing.FromWorker(document);
        Assert.Equal(document.ToString(), copy.ToString());
        Assert.Same(copy.Root, copy.Root!.Element("b")!.Parent);
        Assert.Equal("<b>text<![CDATA[ < ]]></b>", Crossing.FromWorker(document.Root!.Element("b")!).ToString());
        Assert.Equal("2", Crossing.FromWorker(document.Root.Attribute("y")!).Value);
        Assert.Equal("<a>text</a>", Crossing.FromWorker(new XElement("a", "text")).ToString());
        Assert.Equal("<a><own /></a>", Crossing.FromWorker(new XElement("a", new Own())).ToString(SaveOptions.DisableFormatting));
        Assert.Equal("<own><a /></own>", Crossing.FromWorker<XElement>(new Own(new XElement("a"))).ToString(SaveOptions.DisableFormatting));
    }

    [Fact]
    public void Xml_trees_that_cannot_be_are_refused()
    {
        Refused(tree => Set(tree.Root!.FirstNode!, "next", tree.Root.FirstNode));
        Refused(tree => Set(tree.Root!.LastNode!, "next", null));
        Refused(tree => Set(tree.Root!.FirstNode!, "parent", null));
        Refused(tree => Set(tree.Root!, "content", 5));
        Refused(tree => Set(tree.Root!, "content", tree.Root));
        Refused(tree => Set(tree.Root!.FirstAttribute!, "next", null));
        Refused(tree => Set(tree.Root!, "name", null));
        Refused(tree =>
        {
            var inner = (XElement)tree.Root!.FirstNode!;
            Set(inner, "content", tree.Root);
            Set(inner, "parent", tree.Root);
            Set(tree.Root, "parent", inner);
            Set(tree.Root, "next", tree.Root);
        });

        static void Refused(Action<XDocument> forge)
        {
            var tree = XDocument.Parse("<a x='1' y='2'><b/><c/><d/></a>");
            forge(tree);
            Assert.Contains("An XML tree is none", Assert.Throws<BoundaryFormatException>(() => Crossing.FromWorker(tree)).Message);
        }
    }

    [Fact]
    public void Sorted_list_in_descending_order_is_read_in_a_moment_and_is_in_order()
    {
        const int Count = 300_000;
        var forged = new SortedList<int, int>(Count, Comparer<int>.Default);
        for (var i = 0; i < Count; i++)
        {
            forged.Add(i, -i);
        }

        Array.Reverse((int[])Get(forged, "keys")!, 0, Count);
        Array.Reverse((int[])Get(forged, "values")!, 0, Count);
        var time = Stopwatch.StartNew();
        var copy = Crossing.FromWorker(forged);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(4), $"It took {time.Elapsed}.");
        Assert.Equal(Enumerable.Range(0, Count), copy.Keys);
        Assert.Equal(-7, copy[7]);
    }

    [Fact]
    public void Keys_that_were_chosen_to_share_a_place_are_refused_within_seconds()
    {
        const int Count = 100_000;
        var keys = Enumerable.Range(0, Count).Select(static number => ((long)number << 32) | (uint)number).ToArray();
        Assert.Single(keys.Select(static key => key.GetHashCode()).Distinct());

        // Written as they are, from tables that have hash codes of their own.
        var own = new Scattered();
        Refused(new Dictionary<long, int>(keys.Select(static key => KeyValuePair.Create(key, 1)), own));
        Refused(new HashSet<long>(keys, own));
        Refused(new OrderedDictionary<long, int>(keys.Select(static key => KeyValuePair.Create(key, 1)), own));
        Refused(new ConcurrentDictionary<long, int>(keys.Select(static key => KeyValuePair.Create(key, 1)), own));
        Refused(keys.ToFrozenSet(own));
        Refused(keys.ToFrozenDictionary(static key => key, own));
        Refused(keys.ToImmutableHashSet(own));
        Refused(keys.ToImmutableDictionary(static key => key, static key => key, own));
        Refused(keys.ToLookup(static key => key, own));

        static void Refused<T>(T table)
            where T : class
        {
            // The comparer is the first thing that is written: without it, the default one is meant.
            var time = Stopwatch.StartNew();
            Scattered.IsDefault = true;
            try
            {
                var error = Assert.Throws<BoundaryFormatException>(() => Crossing.FromWorker(table));
                Assert.Contains("hash tables", error.Message);
            }
            finally
            {
                Scattered.IsDefault = false;
            }

            Assert.True(time.Elapsed < TimeSpan.FromSeconds(20), $"{typeof(T)} took {time.Elapsed}.");
        }
    }

    [Fact]
    public void Keys_that_share_places_by_their_nature_come_back()
    {
        var poor = Enumerable.Range(0, 5_000).ToDictionary(static number => (long)number << 32 | (uint)number, static number => number);
        Assert.Equal(poor.Count, Crossing.FromWorker(poor).Count);
        var many = Enumerable.Range(0, 200_000).ToDictionary(static number => (long)number * 8, static number => number);
        Assert.Equal(many.Count, Crossing.FromWorker(many).Count);
        Assert.Equal(1_000, Crossing.FromWorker(new Hashtable(Enumerable.Range(0, 1_000).ToDictionary(static number => number))).Count);
    }

    private static object? Get(object instance, string field) => Field(instance.GetType(), field).GetValue(instance);

    private static void Set(object instance, string field, object? value) => Field(instance.GetType(), field).SetValue(instance, value);

    private static FieldInfo Field(Type type, string name) => type.GetField(name, Fields) ?? Field(type.BaseType!, name);

    private sealed class Own(params object[] content) : XElement("own", content);

    /// <summary>Spreads keys, or does as the default one.</summary>
    private sealed class Scattered : IEqualityComparer<long>
    {
        [ThreadStatic]
        public static bool IsDefault;

        public bool Equals(long x, long y) => x == y;

        public int GetHashCode(long key) => IsDefault ? key.GetHashCode() : (int)key * 31;
    }
}
