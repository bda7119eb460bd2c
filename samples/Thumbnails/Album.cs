namespace Thumbnails;

/// <summary>A folder of made-up pictures, one of them corrupt, and a folder for their thumbnails; both gone when it is disposed.</summary>
internal sealed class Album : IDisposable
{
    private const int Width = 320;
    private const int Height = 240;

    private readonly string _root = Directory.CreateTempSubdirectory("thumbnails-").FullName;

    private Album()
    {
        Pictures = Directory.CreateDirectory(Path.Combine(_root, "pictures")).FullName;
        Thumbnails = Directory.CreateDirectory(Path.Combine(_root, "thumbnails")).FullName;
    }

    public string Pictures { get; }

    public string Thumbnails { get; }

    public static Album Create(int count)
    {
        var album = new Album();
        for (var number = 0; number < count; number++)
        {
            Ppm.Write(album.PathOf(number), Paint(number));
        }

        // As an interrupted copy would leave it.
        using var corrupt = File.OpenWrite(album.PathOf(count / 2));
        corrupt.SetLength(corrupt.Length / 2);
        return album;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static Picture Paint(int number)
    {
        var pixels = new byte[Width * Height * 3];
        for (var index = 0; index < pixels.Length; index++)
        {
            pixels[index] = (byte)((index / (3 + (index % 3))) + (number * 7));
        }

        return new Picture(Width, Height, pixels);
    }

    private string PathOf(int number) => Path.Combine(Pictures, $"{number:D3}.ppm");
}
