namespace MlPerfEdu.Data;

/// <summary>
/// Coloured pictures in CIFAR-100's layout. One of ten patterns in one of ten hues is a class. Shape, place, size and tilt of what it fills, phase,
/// shades and the background differ from picture to picture: a pixel's colour tells the hue, but a pattern only shows in many pixels together.
/// </summary>
public static class SyntheticPatterns
{
    const int Side = CifarBinary.Side;
    // In turns. A pattern that always lay the same way would fill so few dimensions that a linear model could tell it by its spread.
    const double HueSpread = 0.015, MostTilt = 0.045;

    static readonly string[] Hues = ["red", "orange", "lime", "green", "jade", "cyan", "azure", "blue", "violet", "magenta"];

    public static readonly IReadOnlyList<string> Classes = [.. from pattern in Pattern.Names from hue in Hues select $"{hue}-{pattern}"];

    [Reads("synthetic-patterns")]
    public static ImageDataSet Load(DataResolution data) => Generators.Checked(data, Generate(GeneratorSettings.Of(data)));

    public static ImageDataSet Generate(GeneratorSettings settings) =>
        new(Cifar100.Read(Records(settings, 0, settings.Train), "train"), Cifar100.Read(Records(settings, 1, settings.Test), "test"), Classes, settings.Provenance());

    /// <summary>The records of a split as CIFAR-100's file has them; labels take turns through the classes.</summary>
    internal static byte[] Records(GeneratorSettings settings, int split, int count)
    {
        var records = new byte[count * Cifar100.RecordBytes];
        Parallel.For(0, count, settings.Parallel, i =>
        {
            var random = Xoshiro.ForSample(settings.Seed, split, i);
            var record = records.AsSpan(i * Cifar100.RecordBytes, Cifar100.RecordBytes);
            var label = i % Classes.Count;
            // Half of the hues of a pattern are a coarse class.
            var (pattern, hue) = Math.DivRem(label, Hues.Length);
            (record[0], record[1]) = ((byte)(label * Cifar100.CoarseClasses / Cifar100.FineClasses), (byte)label);
            Draw(pattern, hue, ref random, record[2..]);
        });
        return records;
    }

    static void Draw(int kind, int hue, ref Xoshiro random, Span<byte> planes)
    {
        var shape = random.Below(PatternShapes.Count);
        var (centreX, centreY, radius) = (random.Uniform(12.5, 18.5), random.Uniform(12.5, 18.5), random.Uniform(15, 22));
        var tilt = random.Uniform(-MostTilt, MostTilt);
        var (sin, cos) = (Trigonometry.Sin(tilt), Trigonometry.Cos(tilt));
        var pattern = new Pattern(kind, ref random);
        var (wave, waveX, waveY) = (random.Uniform(0, 2), random.Uniform(), random.Uniform());
        var turns = hue / (double)Hues.Length + random.Uniform(-HueSpread, HueSpread);
        var (bright, dim, grey, slope) = (random.Uniform(0.8, 1), random.Uniform(0.15, 0.4), random.Uniform(0, 0.5), random.Uniform(-0.2, 0.2) / Side);
        Span<double> light = stackalloc double[CifarBinary.Channels], back = stackalloc double[CifarBinary.Channels];
        for (var channel = 0; channel < CifarBinary.Channels; channel++)
        {
            light[channel] = bright * (0.55 + 0.45 * Trigonometry.Cos(turns - channel / (double)CifarBinary.Channels));
            back[channel] = grey + random.Uniform(-0.06, 0.06);
        }

        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                // Turned, from the centre, in pixels.
                var (right, down) = (cos * (x - centreX) + sin * (y - centreY), cos * (y - centreY) - sin * (x - centreX));
                var cover = Math.Clamp(0.5 + radius * PatternShapes.Inside(shape, right / radius, down / radius), 0, 1);
                var (waved, wavedDown) = (right + wave * Trigonometry.Sin(down / Side + waveX), down + wave * Trigonometry.Sin(right / Side + waveY));
                var shade = 1 - pattern.At(waved, wavedDown) * (1 - dim);
                for (var channel = 0; channel < CifarBinary.Channels; channel++)
                {
                    var behind = back[channel] + slope * (x + y);
                    planes[(channel * Side + y) * Side + x] = Canvas.ToByte(behind + cover * (light[channel] * shade - behind) + 0.02 * random.Bell());
                }
            }
        }
    }
}

/// <summary>The shapes that a pattern fills, in a square from -1 to 1.</summary>
static class PatternShapes
{
    public const int Count = 5;

    /// <summary>How far a point is inside; below 0, outside.</summary>
    public static double Inside(int shape, double x, double y)
    {
        var side = Math.Abs(x);
        return shape switch
        {
            0 => 0.95 - Length(x, y),
            1 => 0.85 - Math.Max(side, Math.Abs(y)),
            2 => Triangle(side, y),
            3 => Triangle(side, -y),
            _ => 0.8 - 0.75 * (side + Math.Abs(y)),
        };
    }

    public static double Length(double x, double y) => Math.Sqrt(x * x + y * y);

    // Its tip at the top; 0.814 turns a difference along x into a distance from the slope.
    static double Triangle(double side, double y) => Math.Min(0.8 - y, ((y + 1.1) * 0.7 - side) * 0.814);
}

/// <summary>One of the ten patterns, with a period and a phase of its own: how dark a place is, from 0 to 1.</summary>
readonly struct Pattern
{
    const double HalfRoot = 0.70710678118654752;

    // Blocks of a speckle, which reach beyond every picture.
    const int Blocks = 64;

    public static readonly string[] Names = ["rows", "thin-rows", "columns", "thin-columns", "checks", "thin-checks", "diagonals", "dots", "rings", "speckle"];

    const double Period = 8, ThinPeriod = 4, Longest = 1.3;

    readonly int kind;
    readonly double period, phaseX, phaseY;
    readonly bool isMirrored;
    readonly ulong speckle;

    public Pattern(int kind, ref Xoshiro random)
    {
        this.kind = kind;
        period = (kind is 1 or 3 or 5 ? ThinPeriod : Period) * random.Uniform(1, Longest);
        (phaseX, phaseY, isMirrored) = (random.Uniform(), random.Uniform(), random.Chance(0.5));
        speckle = random.Next();
    }

    /// <param name="x">Pixels right of the centre.</param>
    /// <param name="y">Pixels below it.</param>
    public double At(double x, double y) => kind switch
    {
        0 or 1 => Stripes(y, phaseY),
        2 or 3 => Stripes(x, phaseX),
        4 or 5 => Checks(x, y),
        6 => Stripes((isMirrored ? x - y : x + y) * HalfRoot, phaseX),
        7 => Soft(0.399 * period - PatternShapes.Length(FromMiddle(x, phaseX), FromMiddle(y, phaseY))),
        8 => Stripes(PatternShapes.Length(x, y), phaseX),
        _ => Speckle((int)Math.Floor(2 * x / period) + Blocks / 2, (int)Math.Floor(2 * y / period) + Blocks / 2),
    };

    // Half of each period.
    double Stripes(double at, double phase) => Soft(0.25 * period - Math.Abs(FromMiddle(at, phase)));

    double Checks(double x, double y)
    {
        var (across, down) = (Stripes(x, phaseX), Stripes(y, phaseY));
        return across * down + (1 - across) * (1 - down);
    }

    // A block's bit, from a hash of its place.
    double Speckle(int column, int row)
    {
        var random = new Xoshiro(speckle + (ulong)(row * Blocks + column));
        return random.Next() >> 63;
    }

    /// <summary>Pixels from the middle of the period that a place is in.</summary>
    double FromMiddle(double at, double phase)
    {
        var turns = at / period + phase;
        return (turns - Math.Floor(turns) - 0.5) * period;
    }

    // An edge one pixel wide.
    static double Soft(double inside) => Math.Clamp(0.5 + inside, 0, 1);
}
