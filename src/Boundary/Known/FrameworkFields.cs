using System.Collections;
using System.Text;

namespace MultiProc.Boundary;

/// <summary>Framework types whose fields say everything: no handles, no hash codes of this process, nothing that lives elsewhere.</summary>
internal static class FrameworkFields
{
    private static readonly HashSet<string> Types =
    [
        // Stateless
        "System.Object",

        // Collections
        "System.Collections.ObjectModel.KeyedCollection`2", "System.Collections.ObjectModel.Collection`1",
        "System.Collections.ObjectModel.ReadOnlyCollection`1", "System.Collections.ObjectModel.ReadOnlyDictionary`2",
        "System.Collections.ObjectModel.ReadOnlySet`1", "System.Collections.ObjectModel.ReadOnlyDictionary`2+KeyCollection",
        "System.Collections.ObjectModel.ReadOnlyDictionary`2+ValueCollection", "System.Collections.ObjectModel.ObservableCollection`1",
        "System.Collections.ObjectModel.ReadOnlyObservableCollection`1", "System.Collections.Generic.Stack`1",
        "System.Collections.Generic.Queue`1", "System.Collections.Generic.Dictionary`2+KeyCollection",
        "System.Collections.Generic.Dictionary`2+ValueCollection", "System.Collections.Generic.SortedDictionary`2+KeyCollection",
        "System.Collections.Generic.SortedDictionary`2+ValueCollection", "System.Collections.Generic.OrderedDictionary`2+KeyCollection",
        "System.Collections.Generic.OrderedDictionary`2+ValueCollection", "System.Collections.ArrayList", "System.Collections.Stack",
        "System.Collections.Queue", "System.Collections.SortedList", "System.Collections.CollectionBase",
        "System.Collections.DictionaryBase", "System.Collections.ReadOnlyCollectionBase",
        "System.Collections.Specialized.StringCollection", "System.Collections.Specialized.StringDictionary",
        "System.Collections.Specialized.ListDictionary", "System.Collections.Specialized.HybridDictionary",
        "System.Collections.Specialized.OrderedDictionary", "System.Collections.Specialized.NameObjectCollectionBase",
        "System.Collections.Specialized.NameObjectCollectionBase+KeysCollection", "System.Collections.Specialized.NameValueCollection",
        "System.Collections.Specialized.BitVector32", "System.Collections.Specialized.BitVector32+Section",
        "System.Collections.DictionaryEntry", "System.Collections.CaseInsensitiveComparer", "System.Collections.Comparer",

        // Tuples
        "System.Tuple`1", "System.Tuple`2", "System.Tuple`3", "System.Tuple`4", "System.Tuple`5", "System.Tuple`6", "System.Tuple`7",
        "System.Tuple`8",

        // Values
        "System.Version", "System.OperatingSystem", "System.UriBuilder", "System.Random", "System.Diagnostics.Stopwatch",
        "System.ConsoleKeyInfo", "System.Globalization.NumberFormatInfo", "System.TimeZoneInfo", "System.TimeZoneInfo+AdjustmentRule",
        "System.TimeZoneInfo+TransitionTime", "System.Drawing.Color", "System.Drawing.Point", "System.Drawing.PointF",
        "System.Drawing.Size", "System.Drawing.SizeF", "System.Drawing.Rectangle", "System.Drawing.RectangleF",

        // Who somebody is, and numbers of keys
        "System.Security.Claims.Claim", "System.Security.Claims.ClaimsIdentity", "System.Security.Claims.ClaimsPrincipal",
        "System.Security.Principal.GenericIdentity", "System.Security.Principal.GenericPrincipal",
        "System.Security.Cryptography.RSAParameters", "System.Security.Cryptography.DSAParameters", "System.Security.Cryptography.ECPoint",

        // Documents, and how they are written
        "System.Text.Json.Serialization.JsonConverter", "System.Text.Json.Serialization.JsonConverter`1",
        "System.Text.Json.Serialization.JsonConverterFactory", "System.Text.Json.Serialization.JsonStringEnumConverter",
        "System.Text.Json.Serialization.JsonStringEnumConverter`1",
        "System.Xml.Linq.XObject", "System.Xml.Linq.XNode", "System.Xml.Linq.XContainer", "System.Xml.Linq.XElement",
        "System.Xml.Linq.XDocument", "System.Xml.Linq.XAttribute", "System.Xml.Linq.XText", "System.Xml.Linq.XCData",
        "System.Xml.Linq.XComment", "System.Xml.Linq.XProcessingInstruction", "System.Xml.Linq.XDocumentType",
        "System.Xml.Linq.XDeclaration",
    ];

    /// <summary>Types whose nested types - nodes, monitors and the like - are parts of them.</summary>
    private static readonly HashSet<string> OwnersOfParts =
    [
        "System.Collections.Specialized.ListDictionary", "System.Collections.Specialized.NameObjectCollectionBase",
        "System.Collections.ObjectModel.ObservableCollection`1", "System.Collections.ObjectModel.Collection`1", "System.Random",
        "System.Collections.Specialized.HybridDictionary", "System.Collections.Specialized.OrderedDictionary",
        "System.Collections.ArrayList", "System.Collections.Queue", "System.Collections.Stack", "System.Collections.SortedList",
        "System.Collections.Generic.SortedList`2",
    ];

    private static readonly Type[] DataFamilies =
        [typeof(Exception), typeof(Attribute), typeof(EventArgs), typeof(EncoderFallback), typeof(DecoderFallback)];

    /// <summary>Whether the fields that <paramref name="level"/> itself declares may be copied.</summary>
    public static bool MayCross(Type level) =>
        Types.Contains(TypeNames.Definition(level)) || IsPart(level) || DataFamilies.Any(family => family.IsAssignableFrom(level));

    private static bool IsPart(Type level) => level.DeclaringType is { } owner
        && OwnersOfParts.Contains(TypeNames.Definition(owner))
        && !typeof(IEnumerator).IsAssignableFrom(level);
}
