using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Encodings, regular expressions, builders of text.</summary>
internal static class TextCopies
{
    /// <summary>Text and limit; the spare capacity is not part of it.</summary>
    public static Serializer Builder() => new Copied<StringBuilder, (string, int)>(
        builder => (builder.ToString(), builder.MaxCapacity),
        surrogate =>
            new StringBuilder(Math.Min(Math.Max(surrogate.Item1.Length, 16), surrogate.Item2), surrogate.Item2).Append(surrogate.Item1));

    /// <summary>Code page, byte order mark, strictness, fallbacks; and whether it is the shared instance or one of the caller's.</summary>
    public static Serializer Encodings() => new Copied<Encoding, (int, bool, bool, EncoderFallback?, DecoderFallback?)>(
        encoding =>
        {
            var hasMark = encoding.Preamble.Length > 0;
            var isOwn = encoding.GetType().IsVisible;
            var known = WellKnown(encoding.CodePage, hasMark, isOwn);
            var isPlain = encoding.IsReadOnly
                && Equals(known.EncoderFallback, encoding.EncoderFallback)
                && Equals(known.DecoderFallback, encoding.DecoderFallback);
            return (
                encoding.CodePage, hasMark, isOwn, isPlain ? null : encoding.EncoderFallback, isPlain ? null : encoding.DecoderFallback);
        },
        surrogate =>
        {
            var (codePage, hasMark, isOwn, encoder, decoder) = surrogate;
            var encoding = WellKnown(codePage, hasMark, isOwn);
            if (encoder is null || decoder is null)
            {
                return encoding;
            }

            encoding = (Encoding)encoding.Clone();
            encoding.EncoderFallback = encoder;
            encoding.DecoderFallback = decoder;
            return encoding;
        });

    private static Encoding WellKnown(int codePage, bool hasMark, bool isOwn) => (codePage, isOwn) switch
    {
        (65001, true) => new UTF8Encoding(hasMark),
        (1200, true) => new UnicodeEncoding(bigEndian: false, hasMark),
        (1201, true) => new UnicodeEncoding(bigEndian: true, hasMark),
        (12000, true) => new UTF32Encoding(bigEndian: false, hasMark),
        (12001, true) => new UTF32Encoding(bigEndian: true, hasMark),
        (20127, true) => new ASCIIEncoding(),
        _ => Encoding.GetEncoding(codePage),
    };

    /// <summary>A regular expression; one that the compiler generated stays that one.</summary>
    internal sealed class RegexSerializer(Type type) : Serializer(type)
    {
        private readonly FieldInfo? _instance = type.GetField(
            "Instance", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic);

        public override bool CanBeReferredToWhileRead => false;

        public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
        {
            var regex = (Regex)value;
            if (WireType != typeof(Regex))
            {
                if (!ReferenceEquals(_instance?.GetValue(null), value))
                {
                    throw graph.Refusal(WireType, "it derives from Regex in its own way. Pass the pattern.");
                }

                return;
            }

            var strings = FormatterCache<string>.Instance;
            strings.Write(ref writer, regex.ToString(), graph);
            writer.Write((int)regex.Options);
            writer.Write(regex.MatchTimeout.Ticks);
        }

        public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
        {
            if (WireType != typeof(Regex))
            {
                return _instance?.GetValue(null) ?? throw new BoundaryFormatException($"{TypeNames.Display(WireType)} has no instance.");
            }

            var pattern = FormatterCache<string>.Instance.Read(ref reader, graph)
                ?? throw new BoundaryFormatException("A pattern is missing.");
            return new Regex(pattern, (RegexOptions)reader.ReadInt32(), new TimeSpan(reader.ReadInt64()));
        }
    }
}
