namespace MlPerfEdu.Data;

/// <summary>
/// Person or not, drawn: 96×96 grey scenes with things and clutter, half of them with a person among them. The classes share
/// everything but the person, down to the number of objects, so neither brightness nor crowding gives the answer away.
/// </summary>
public static class SyntheticScenes
{
    const int Side = PersonImages.Side;
    const int GridCells = 6;

    public static ImageDataSet Generate(GeneratorSettings settings) => new(
        Split(settings, 0, settings.Train), Split(settings, 1, settings.Test), PersonImages.Classes, settings.Provenance());

    static LabelledImages Split(GeneratorSettings settings, int split, int count)
    {
        var pixels = new byte[count * Side * Side];
        var labels = new byte[count];
        Parallel.For(0, count, settings.Parallel, i =>
        {
            var random = Xoshiro.ForSample(settings.Seed, split, i);
            labels[i] = (byte)(i % 2);
            Draw(labels[i] == 1, ref random, pixels.AsSpan(i * Side * Side, Side * Side));
        });
        return new(pixels, labels, 1, Side, Side);
    }

    static void Draw(bool person, ref Xoshiro random, Span<byte> image)
    {
        var canvas = new Canvas(Side, Side);
        Backdrop(canvas, ref random);
        for (var n = 1 + random.Below(4); n > 0; n--) SceneObjects.Clutter(canvas, 16, ref random);
        var objects = 1 + random.Below(3);
        var place = Math.Max(random.Below(objects), random.Below(objects));
        for (var i = 0; i < objects; i++)
        {
            var size = random.Uniform(50, 80);
            var (x, y) = (random.Uniform(14, Side - 14), random.Uniform(2, Side - size + 6));
            var behind = canvas.Values[Math.Clamp((int)(y + size / 2), 0, Side - 1) * Side + (int)x];
            if (person && i == place) SceneObjects.Person(canvas, x, y, size, behind, ref random);
            else SceneObjects.Thing(canvas, x, y, size, behind, ref random);
        }
        for (var n = random.Below(3); n > 0; n--) SceneObjects.Clutter(canvas, 7, ref random);
        var grain = random.Uniform(0.01, 0.04);
        for (var i = 0; i < image.Length; i++) image[i] = Canvas.ToByte(canvas.Values[i] + grain * random.Bell());
    }

    // Soft patches of light: a coarse grid of greys with straight lines between them.
    static void Backdrop(Canvas canvas, ref Xoshiro random)
    {
        var (light, spread) = (random.Uniform(0.25, 0.75), random.Uniform(0.05, 0.25));
        var grid = new double[(GridCells + 1) * (GridCells + 1)];
        for (var i = 0; i < grid.Length; i++) grid[i] = light + spread * random.Uniform(-1, 1);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var (u, v) = (x * GridCells / (double)Side, y * GridCells / (double)Side);
                var corner = (int)v * (GridCells + 1) + (int)u;
                var (du, dv) = (u - (int)u, v - (int)v);
                var above = grid[corner] + du * (grid[corner + 1] - grid[corner]);
                var below = grid[corner + GridCells + 1] + du * (grid[corner + GridCells + 2] - grid[corner + GridCells + 1]);
                canvas.Values[y * Side + x] = above + dv * (below - above);
            }
        }
    }
}
