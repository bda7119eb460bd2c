using System.Globalization;
using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>Cultures by name, with formats that were changed; calendars.</summary>
internal static class CultureCopies
{
    /// <summary>A culture: the shared read-only one, or its own formats.</summary>
    public static Serializer Culture() => new Copied<CultureInfo, (string, bool, bool, NumberFormatInfo?, DateTimeFormatInfo?)>(
        culture => culture.IsReadOnly
            ? (culture.Name, culture.UseUserOverride, true, null, null)
            : (culture.Name, culture.UseUserOverride, false, culture.NumberFormat, OwnDates(culture)),
        surrogate =>
        {
            var (name, useUserOverride, isReadOnly, numbers, dates) = surrogate;
            if (isReadOnly)
            {
                return name.Length == 0 ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(Cultures.Accept(name));
            }

            var culture = new CultureInfo(Cultures.Accept(name), useUserOverride);
            culture.NumberFormat = numbers ?? culture.NumberFormat;
            culture.DateTimeFormat = dates ?? culture.DateTimeFormat;
            return culture;
        });

    /// <summary>Date formats: the culture they come from, and every property that can be set.</summary>
    public static Serializer Dates() => new Copied<DateTimeFormatInfo, (string, bool, Calendar, Dictionary<string, object?>)>(
        dates => (CultureOf(dates).Name, dates.IsReadOnly, dates.Calendar, SettableProperties.Of(dates)),
        surrogate =>
        {
            var (name, isReadOnly, calendar, properties) = surrogate;
            var dates = (DateTimeFormatInfo)new CultureInfo(Cultures.Accept(name), useUserOverride: false).DateTimeFormat.Clone();
            dates.Calendar = calendar;
            SettableProperties.Set(dates, properties);
            return isReadOnly ? DateTimeFormatInfo.ReadOnly(dates) : dates;
        });

    /// <summary>A calendar of the framework.</summary>
    public static Serializer Calendars(Type type) => new CalendarSerializer(type);

    /// <summary>A neutral culture has none.</summary>
    private static DateTimeFormatInfo? OwnDates(CultureInfo culture) => culture.IsNeutralCulture ? null : culture.DateTimeFormat;

    private static CultureInfo CultureOf(DateTimeFormatInfo dates) =>
        typeof(DateTimeFormatInfo).GetProperty("Culture", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(dates) as CultureInfo
        ?? CultureInfo.InvariantCulture;

    private sealed class CalendarSerializer(Type type) : Serializer(type)
    {
        public override bool CanBeReferredToWhileRead => false;

        public override void Write(ref MessagePack.MessagePackWriter writer, object value, GraphWriter graph)
        {
            var calendar = (Calendar)value;
            writer.Write(calendar.IsReadOnly);
            writer.Write(calendar.TwoDigitYearMax);
            writer.Write(calendar is GregorianCalendar gregorian ? (int)gregorian.CalendarType : 0);
        }

        public override object Read(ref MessagePack.MessagePackReader reader, GraphReader graph, int id)
        {
            var isReadOnly = reader.ReadBoolean();
            var calendar = (Calendar)Activator.CreateInstance(WireType)!;
            var twoDigitYearMax = reader.ReadInt32();
            if (calendar.TwoDigitYearMax != twoDigitYearMax)
            {
                calendar.TwoDigitYearMax = twoDigitYearMax;
            }

            var gregorianType = reader.ReadInt32();
            if (calendar is GregorianCalendar gregorian)
            {
                gregorian.CalendarType = (GregorianCalendarTypes)gregorianType;
            }

            return isReadOnly ? Calendar.ReadOnly(calendar) : calendar;
        }
    }
}

/// <summary>Objects that are what their public properties are set to.</summary>
internal static class SettableProperties
{
    /// <summary>The values, by property.</summary>
    public static Dictionary<string, object?> Of(object instance) =>
        Settable(instance.GetType()).ToDictionary(property => property.Name, property => property.GetValue(instance));

    /// <summary>Sets the properties of <paramref name="instance"/>.</summary>
    public static void Set(object instance, Dictionary<string, object?> values)
    {
        foreach (var property in Settable(instance.GetType()))
        {
            if (values.TryGetValue(property.Name, out var value))
            {
                property.SetValue(instance, value);
            }
        }
    }

    private static IEnumerable<PropertyInfo> Settable(Type type) => type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(property => property is { CanRead: true, SetMethod.IsPublic: true } && property.PropertyType != typeof(Calendar)
            && property.GetIndexParameters().Length == 0);
}
