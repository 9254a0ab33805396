namespace MlPerfEdu.Data;

/// <summary>A room without speech: hiss, rumble and hum in changing shares, now and then a click.</summary>
static class Background
{
    public static void Add(double[] clip, double level, ref Xoshiro random)
    {
        var (hiss, rumble, hum) = (random.Uniform(), random.Uniform(), random.Uniform(0, 0.7));
        var total = level / Math.Sqrt(hiss * hiss + rumble * rumble + hum * hum + 1e-6);
        var (humStep, phase) = (random.Uniform(50, 400) / clip.Length, random.Uniform());
        var smoothing = random.Uniform(0.01, 0.2);
        // Smoothing divides the power by (2 - s) / s; this puts it back.
        var makeUp = Math.Sqrt((2 - smoothing) / smoothing);
        double low = 0;
        for (var i = 0; i < clip.Length; i++)
        {
            low += smoothing * (random.Bell() - low);
            phase += humStep;
            clip[i] += total * (hiss * random.Bell() + rumble * makeUp * low + hum * 1.4 * Turns.Sin(phase));
        }
        if (random.Chance(0.3)) Click(clip, 12 * level, ref random);
    }

    static void Click(double[] clip, double height, ref Xoshiro random)
    {
        var at = random.Below(clip.Length - 400);
        for (var i = 0; i < 400; i++, height *= 0.985) clip[at + i] += height * (random.Uniform() - 0.5);
    }
}
