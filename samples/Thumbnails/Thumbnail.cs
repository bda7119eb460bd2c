namespace Thumbnails;

/// <summary>What the workers make of a picture.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="ProcessId">Which worker made it.</param>
public sealed record Thumbnail(string Path, int Width, int Height, int ProcessId)
{
    private const int Factor = 8;

    /// <summary>Reads a picture, shrinks it, and writes it into a folder. Runs in the workers: only paths and this record travel.</summary>
    public static Thumbnail Make(string picture, string folder)
    {
        var small = Ppm.Read(picture).Shrink(Factor);
        var path = System.IO.Path.Combine(folder, System.IO.Path.GetFileName(picture));
        Ppm.Write(path, small);
        return new Thumbnail(path, small.Width, small.Height, Environment.ProcessId);
    }
}
