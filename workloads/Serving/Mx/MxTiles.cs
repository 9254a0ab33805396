using MlPerfEdu.Serving.Formats;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Mx;

/// <summary>Tiles on which two forms of a format are held against each other: all lengths, all magnitudes, zeros among them.</summary>
static class MxTiles
{
    public static int Mismatches(int tile, Func<float[], int[]> plain, Func<float[], int[]> fast)
    {
        var random = new RandomData(2);
        return Enumerable.Range(0, 3000).Sum(_ =>
        {
            var values = random.Normals(random.Between(1, tile));
            var factor = MathF.ScaleB(1, random.Between(-148, 120));
            for (var index = 0; index < values.Length; index++)
                values[index] *= random.Below(8) == 0 ? 0 : factor;
            return Snr.Differing(plain(values), fast(values));
        });
    }

    /// <summary>The halving bits that belong to so many elements.</summary>
    public static int PairsOf(int elements) => (1 << ((elements + 1) / 2)) - 1;
}
