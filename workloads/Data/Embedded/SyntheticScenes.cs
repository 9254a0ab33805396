namespace MlPerfEdu.Data;

/// <summary>Person or not, drawn: 96×96 grey scenes with things and clutter, half of them with a person among them. The classes share
/// everything but the person, down to the number of objects, so neither brightness nor crowding gives the class away.</summary>
public static class SyntheticScenes
{
    const int Side = PersonImages.Side;
    const int GridCells = 6;

    [Reads("synthetic-scenes")]
    public static ImageDataSet Load(DataResolution data) => Generators.Checked(data, Generate(GeneratorSettings.Of(data)));
    public static ImageDataSet Generate(GeneratorSettings settings) => Generators.Images(settings, Side, PersonImages.Classes, Draw);

    static void Draw(int label, ref Xoshiro random, Span<byte> image)
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
            if (label == 1 && i == place) SceneObjects.Person(canvas, x, y, size, behind, ref random);
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

/// <summary>The objects of synthetic-scenes: people, and things that resemble them in one part or another.</summary>
static class SceneObjects
{
    /// <summary>Head, trunk, arms and legs in some posture; <paramref name="size"/> is the height in pixels.</summary>
    public static void Person(Canvas canvas, double x, double y, double size, double backdrop, ref Xoshiro random)
    {
        var skin = Against(backdrop, ref random);
        var (shirt, trousers) = (Against(backdrop, ref random), Against(backdrop, ref random));
        var (shoulder, hip, foot) = (y + 0.24 * size, y + 0.55 * size, y + size);
        var (limb, lean) = (0.035 * size + 0.6, random.Uniform(-0.06, 0.06) * size);
        var stride = random.Uniform(0.04, 0.2) * size;

        canvas.Line((x + lean * 0.4, hip), (x - stride, foot), limb * 1.2, trousers);
        canvas.Line((x + lean * 0.4, hip), (x + stride, foot), limb * 1.2, trousers);
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            var elbow = (X: x + side * random.Uniform(0.12, 0.2) * size, Y: shoulder + random.Uniform(0.02, 0.2) * size);
            var hand = (elbow.X + random.Uniform(-0.08, 0.12) * side * size, elbow.Y + random.Uniform(-0.2, 0.18) * size);
            canvas.Line((x + lean + side * 0.08 * size, shoulder), elbow, limb, shirt);
            canvas.Line(elbow, hand, limb * 0.9, skin);
        }
        canvas.Line((x + lean, shoulder + 0.04 * size), (x + lean * 0.4, hip), 0.09 * size, shirt);
        canvas.Line((x + lean, shoulder), (x + lean * 1.3, y + 0.14 * size), 0.03 * size, skin);
        canvas.Ellipse(x + lean * 1.4, y + 0.09 * size, 0.075 * size, 0.095 * size, skin);
    }

    /// <summary>A thing that shares some parts with a person.</summary>
    public static void Thing(Canvas canvas, double x, double y, double size, double backdrop, ref Xoshiro random)
    {
        var (ink, other) = (Against(backdrop, ref random), Against(backdrop, ref random));
        var width = random.Uniform(0.12, 0.3) * size;
        switch (random.Below(7))
        {
            case 0: // tree
                canvas.Line((x, y + 0.4 * size), (x + random.Uniform(-3, 3), y + size), 0.05 * size, ink);
                canvas.Ellipse(x, y + 0.25 * size, width, 0.25 * size, other);
                break;
            case 1: // lamp post
                canvas.Line((x, y), (x, y + size), 0.025 * size + 0.5, ink);
                canvas.Ellipse(x, y + 0.06 * size, 0.08 * size, 0.08 * size, other);
                break;
            case 2: // table
                canvas.Line((x - width, y + 0.55 * size), (x + width, y + 0.55 * size), 0.04 * size, ink);
                canvas.Line((x - width, y + 0.55 * size), (x - width, y + size), 0.03 * size, ink);
                canvas.Line((x + width, y + 0.55 * size), (x + width, y + size), 0.03 * size, ink);
                break;
            case 3: // four-legged animal
                var back = y + 0.65 * size;
                canvas.Ellipse(x, back, 0.3 * size, 0.12 * size, ink);
                canvas.Ellipse(x + random.Uniform(0.28, 0.36) * size, back - 0.15 * size, 0.1 * size, 0.08 * size, ink);
                foreach (var leg in (ReadOnlySpan<double>)[-0.24, -0.16, 0.16, 0.24])
                    canvas.Line((x + leg * size, back), (x + leg * size + random.Uniform(-2, 2), y + size), 0.03 * size, ink);
                break;
            case 4: // bottle
                canvas.Box(x - 0.7 * width, y + 0.4 * size, x + 0.7 * width, y + size, ink);
                canvas.Box(x - 0.25 * width, y + 0.1 * size, x + 0.25 * width, y + 0.4 * size, ink);
                break;
            case 5: // coat on a stand: arms and trunk, no head, one leg
                canvas.Line((x, y), (x, y + size), 0.02 * size + 0.5, other);
                canvas.Line((x - 0.15 * size, y + 0.35 * size), (x, y + 0.18 * size), 0.04 * size, ink);
                canvas.Line((x + 0.15 * size, y + 0.35 * size), (x, y + 0.18 * size), 0.04 * size, ink);
                canvas.Line((x, y + 0.25 * size), (x, y + 0.6 * size), 0.09 * size, ink);
                break;
            default: // ladder
                canvas.Line((x - 0.5 * width, y), (x - width, y + size), 0.03 * size, ink);
                canvas.Line((x + 0.5 * width, y), (x + width, y + size), 0.03 * size, ink);
                for (var rung = 0.2; rung < 0.95; rung += 0.2)
                {
                    var reach = width * (0.5 + 0.5 * rung);
                    canvas.Line((x - reach, y + rung * size), (x + reach, y + rung * size), 0.02 * size, ink);
                }
                break;
        }
    }

    /// <summary>A flat shape without meaning.</summary>
    public static void Clutter(Canvas canvas, double largest, ref Xoshiro random)
    {
        var (x, y, ink) = (random.Uniform(0, canvas.Width), random.Uniform(0, canvas.Height), random.Uniform());
        var (w, h) = (random.Uniform(2, largest), random.Uniform(2, largest));
        switch (random.Below(3))
        {
            case 0: canvas.Box(x - w, y - h, x + w, y + h, ink); break;
            case 1: canvas.Ellipse(x, y, w, h, ink); break;
            default: canvas.Line((x - w, y - h), (x + w, y + h * random.Uniform(-1, 1)), random.Uniform(0.5, 2.5), ink); break;
        }
    }

    // A grey that differs from the backdrop, sometimes barely.
    static double Against(double backdrop, ref Xoshiro random)
    {
        var contrast = random.Uniform(0.3, 0.65);
        var darker = random.Chance(0.5) ? backdrop > contrast : backdrop + contrast > 1;
        return darker ? backdrop - contrast : backdrop + contrast;
    }
}
