namespace MlPerfEdu.Roofline.Count;

/// <summary>Height and width of a kernel, a stride or a padding.</summary>
public readonly record struct Extent(int Height, int Width)
{
    public static implicit operator Extent(int side) => new(side, side);

    public static implicit operator Extent((int Height, int Width) pair) => new(pair.Height, pair.Width);

    public static Extent ToExtent(int side) => side;
}
