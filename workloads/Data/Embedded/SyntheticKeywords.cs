namespace MlPerfEdu.Data;

/// <summary>
/// Twelve-class keyword spotting without a microphone: ten words of gliding resonances said by many made-up voices in made-up rooms,
/// other words for "unknown", and rooms alone for "silence". Test clips are said by voices that no training clip has.
/// </summary>
public static class SyntheticKeywords
{
    const int TrainVoices = 60, TestVoices = 20;

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
            clips[i] = new($"{split}/{i:d5}", Clip(label, cast[voice], ref random), label, label == Keywords.Silence ? null : $"voice-{firstVoice + voice:d3}");
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
