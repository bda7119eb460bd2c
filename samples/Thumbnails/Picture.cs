namespace Thumbnails;

/// <summary>A picture of three bytes per pixel: red, green, blue.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Pixels">Row by row from the top.</param>
public sealed record Picture(int Width, int Height, byte[] Pixels)
{
    private const int Channels = 3;

    /// <summary>This picture made smaller: each pixel is the mean of the square it stands for.</summary>
    /// <param name="factor">How many pixels become one, in each direction.</param>
    public Picture Shrink(int factor)
    {
        var (width, height) = (Width / factor, Height / factor);
        var pixels = new byte[width * height * Channels];
        for (var target = 0; target < pixels.Length; target++)
        {
            var (pixel, channel) = Math.DivRem(target, Channels);
            var (y, x) = Math.DivRem(pixel, width);
            pixels[target] = Mean(x * factor, y * factor, factor, channel);
        }

        return new Picture(width, height, pixels);
    }

    private byte Mean(int left, int top, int size, int channel)
    {
        var sum = 0;
        for (var y = top; y < top + size; y++)
        {
            for (var x = left; x < left + size; x++)
            {
                sum += Pixels[(((y * Width) + x) * Channels) + channel];
            }
        }

        return (byte)(sum / (size * size));
    }
}
