using System.Xml;

namespace MultiProc.Boundary;

/// <summary>Documents as their text.</summary>
internal static class XmlCopies
{
    private const long MaxFromEntities = 10_000_000;

    public static Serializer Documents() => new Copied<XmlDocument, (string, bool)>(
        document => (document.OuterXml, document.PreserveWhitespace),
        surrogate =>
        {
            var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
            if (surrogate.Item1.Length > 0)
            {
                var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = null, MaxCharactersFromEntities = MaxFromEntities };
                using var reader = XmlReader.Create(new StringReader(surrogate.Item1), settings);
                document.Load(reader);
            }

            document.PreserveWhitespace = surrogate.Item2;
            return document;
        });
}
