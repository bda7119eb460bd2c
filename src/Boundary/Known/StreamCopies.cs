using System.Globalization;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>Streams, readers and writers that are nothing but memory; paths of files.</summary>
internal static class StreamCopies
{
    /// <summary>All bytes, the position, and what may be done with it.</summary>
    public static Serializer Memory() => new Copied<MemoryStream, (byte[], int, int, bool, bool, bool)>(
        stream => stream.CanRead
            ? (stream.ToArray(), (int)stream.Position, stream.Capacity, stream.CanWrite, IsExpandable(stream), stream.TryGetBuffer(out _))
            : throw new ObjectDisposedException(nameof(MemoryStream), "the stream is closed"),
        surrogate =>
        {
            var (bytes, position, capacity, isWritable, isExpandable, isVisible) = surrogate;
            if (!isExpandable)
            {
                return new MemoryStream(bytes, 0, bytes.Length, isWritable, isVisible) { Position = position };
            }

            var stream = new MemoryStream(Math.Min(capacity, Math.Max(bytes.Length, 256)));
            stream.Write(bytes);
            stream.Position = position;
            return stream;
        });

    /// <summary>What has not been read.</summary>
    public static Serializer Reader() => new Copied<StringReader, string>(
        reader => Text(reader) is { } text ? text[Position(reader)..] : throw new ObjectDisposedException(nameof(StringReader), "the reader is closed"),
        text => new StringReader(text));

    /// <summary>What has been written, and how numbers and lines are written.</summary>
    public static Serializer Writer() => new Copied<StringWriter, (System.Text.StringBuilder, IFormatProvider, string)>(
        writer => (writer.GetStringBuilder(), writer.FormatProvider as CultureInfo ?? CultureInfo.InvariantCulture, writer.NewLine),
        surrogate => new StringWriter(surrogate.Item1, surrogate.Item2) { NewLine = surrogate.Item3 });

    /// <summary>The path as it was given, and where it leads from here.</summary>
    public static Serializer Files() => new Copied<FileInfo, (string, string)>(file => (file.ToString(), file.FullName), surrogate => As(surrogate, new FileInfo(surrogate.Item2)));

    /// <inheritdoc cref="Files"/>
    public static Serializer Directories() =>
        new Copied<DirectoryInfo, (string, string)>(directory => (directory.ToString(), directory.FullName), surrogate => As(surrogate, new DirectoryInfo(surrogate.Item2)));

    private static T As<T>((string Original, string Full) path, T info)
        where T : FileSystemInfo
    {
        Original(info) = path.Original;
        return info;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_expandable")]
    private static extern ref bool Expandable(MemoryStream stream);

    private static bool IsExpandable(MemoryStream stream) => Expandable(stream);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_s")]
    private static extern ref string? Text(StringReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_pos")]
    private static extern ref int Position(StringReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "OriginalPath")]
    private static extern ref string Original(FileSystemInfo info);
}
