namespace MlPerfEdu.Data;

/// <summary>Twelve-class keyword spotting without a microphone: ten words of gliding formants in many synthetic voices and rooms, other words
/// for "unknown", and background noise alone for "silence". The voices of the test clips are in no training clip.</summary>
public static class SyntheticKeywords
{
    const int TrainVoices = 60, TestVoices = 20;

    [Reads("synthetic-keywords")]
    public static KeywordDataSet Load(DataResolution data) => Generators.Checked(data, Generate(GeneratorSettings.Of(data)));

    public static KeywordDataSet Generate(GeneratorSettings settings) => new(
        Split(settings, 0, settings.Train, 0, TrainVoices), Split(settings, 1, settings.Test, TrainVoices, TestVoices),
        Keywords.Classes, settings.Provenance());

    static KeywordClip[] Split(GeneratorSettings settings, int split, int count, int firstVoice, int voices)
    {
        var cast = Enumerable.Range(firstVoice, voices).Select(v => new Voice(settings.Seed, v)).ToArray();
        var clips = new KeywordClip[count];
        Parallel.For(0, count, settings.Parallel, i =>
        {
            var random = Xoshiro.ForSample(settings.Seed, split, i);
            var label = i % Keywords.Classes.Count;
            var voice = random.Below(voices);
            var speaker = label == Keywords.Silence ? null : $"voice-{firstVoice + voice:d3}";
            clips[i] = new($"{split}/{i:d5}", Clip(label, cast[voice], ref random), label, speaker);
        });
        return clips;
    }

    static short[] Clip(int label, Voice voice, ref Xoshiro random)
    {
        var clip = new double[Keywords.SamplesPerClip];
        var level = random.Uniform(0.02, 0.12);
        if (label != Keywords.Silence)
        {
            var word = label == Keywords.Unknown ? Phones.Others[random.Below(Phones.Others.Length)] : Phones.Words[label - 2];
            voice.Speak(word, clip, (int)(random.Uniform(0.05, 0.45) * clip.Length), ref random);
            Scale(clip, level);
        }
        Background.Add(clip, level * random.Uniform(0.02, 0.7), ref random);
        return Array.ConvertAll(clip, value => (short)Math.Clamp(Math.Floor(value * 32768 + 0.5), short.MinValue, short.MaxValue));
    }

    static void Scale(double[] clip, double level)
    {
        double power = 0;
        foreach (var value in clip) power += value * value;
        var factor = level / Math.Sqrt(power / clip.Length + 1e-12);
        for (var i = 0; i < clip.Length; i++) clip[i] *= factor;
    }
}

/// <summary>Background noise of a room: hiss, rumble and hum in changing shares, and sometimes a click.</summary>
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
            clip[i] += total * (hiss * random.Bell() + rumble * makeUp * low + hum * 1.4 * Trigonometry.Sin(phase));
        }
        if (random.Chance(0.3)) Click(clip, 12 * level, ref random);
    }

    static void Click(double[] clip, double height, ref Xoshiro random)
    {
        var at = random.Below(clip.Length - 400);
        for (var i = 0; i < 400; i++, height *= 0.985) clip[at + i] += height * (random.Uniform() - 0.5);
    }
}
