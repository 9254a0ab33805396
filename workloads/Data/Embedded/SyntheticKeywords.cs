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

/// <summary>A speaker: pitch, length of the vocal tract, pace and accent, the same in every clip of theirs.</summary>
sealed class Voice
{
    const double Rate = Keywords.SamplesPerClip;
    const int BlockSamples = 80;
    readonly double pitch, tract, pace, breath;
    readonly Formants accent;

    public Voice(ulong seed, int number)
    {
        var random = Xoshiro.ForSample(seed, -1, number);
        pitch = random.Uniform(85, 250);
        tract = random.Uniform(0.84, 1.2);
        pace = random.Uniform(0.8, 1.25);
        breath = random.Uniform(0.02, 0.2);
        accent = new(random.Uniform(0.92, 1.08), random.Uniform(0.92, 1.08), random.Uniform(0.95, 1.05));
    }

    /// <summary>Adds the word to a clip, beginning at a sample; what does not fit is cut off.</summary>
    public void Speak(IReadOnlyList<Phone> word, double[] clip, int start, ref Xoshiro random)
    {
        var pace = this.pace * random.Uniform(0.85, 1.15);
        var pitch = this.pitch * random.Uniform(0.9, 1.12);
        var fall = random.Uniform(0.6, 1);
        Resonator first = new(), second = new(), third = new();
        double phase = 0, loudness = 0;
        var at = start;
        foreach (var phone in word)
        {
            var samples = (int)(phone.Milliseconds * pace * random.Uniform(0.85, 1.15) * Rate / 1000);
            var (from, to) = (Sloppy(phone.From, ref random), Sloppy(phone.To, ref random));
            for (var i = 0; i < samples && at < clip.Length; i++, at++)
            {
                if (i % BlockSamples == 0)
                {
                    var now = from.Toward(to, i / (double)samples);
                    var width = phone.Voice > 0 ? 1 : 6;
                    first.Tune(now.F1, 70 * width);
                    second.Tune(now.F2, 100 * width);
                    third.Tune(now.F3, 150 * width);
                }
                phase += pitch * (1 - (1 - fall) * (at - start) / (0.7 * Rate)) / Rate;
                if (phase >= 1) phase -= 1;
                var buzz = 1 - 2 * phase;
                var noise = 2 * random.Uniform() - 1;
                var source = phone.Voice * (buzz + breath * noise) + (1 - phone.Voice) * noise;
                // Loudness follows with some 4 ms of delay, so that sounds join without clicks.
                loudness += (phone.Loudness - loudness) * 0.015;
                clip[at] += loudness * (first.Next(source) + 0.6 * second.Next(source) + 0.3 * third.Next(source));
            }
        }
    }

    Formants Sloppy(Formants f, ref Xoshiro random) => new(
        f.F1 * tract * accent.F1 * (1 + 0.05 * random.Bell()),
        f.F2 * tract * accent.F2 * (1 + 0.05 * random.Bell()),
        f.F3 * tract * accent.F3 * (1 + 0.03 * random.Bell()));

    /// <summary>A two-pole filter that rings at one frequency.</summary>
    struct Resonator
    {
        double gain, near, far, last, beforeLast;

        public void Tune(double hertz, double bandwidth)
        {
            // The start of the exponential's series: plenty for bandwidths below a tenth of the sample rate.
            var x = Math.PI * bandwidth / Rate;
            var radius = 1 - x * (1 - x / 2 * (1 - x / 3));
            near = 2 * radius * Trigonometry.Cos(Math.Min(hertz, 0.48 * Rate) / Rate);
            far = -radius * radius;
            gain = 1 - radius;
        }

        public double Next(double input)
        {
            var output = gain * input + near * last + far * beforeLast;
            (beforeLast, last) = (last, output);
            return output;
        }
    }
}

/// <summary>One sound of a word: three formants in Hz that glide from one place to another, how much of the source is voice (the rest is
/// noise), and its length and loudness.</summary>
readonly record struct Phone(double Milliseconds, double Voice, double Loudness, Formants From, Formants To);

readonly record struct Formants(double F1, double F2, double F3)
{
    public Formants Toward(Formants other, double share) =>
        new(F1 + share * (other.F1 - F1), F2 + share * (other.F2 - F2), F3 + share * (other.F3 - F3));
}

/// <summary>The sounds that words are put together from; formants near those of an average adult voice.</summary>
static class Phones
{
    static readonly Formants
        Ah = new(700, 1200, 2500), Aa = new(730, 1100, 2450), Eh = new(550, 1800, 2500), Ee = new(290, 2250, 2950),
        Oh = new(480, 900, 2400), Oo = new(310, 880, 2250), Uh = new(620, 1200, 2400), Neutral = new(500, 1500, 2500),
        Nose = new(260, 1300, 2200), Ell = new(340, 1050, 2700), Arr = new(380, 1150, 1650);

    static readonly Formants
        Hiss = new(4200, 5600, 7000), SoftHiss = new(1700, 4300, 7400), Burst = new(1700, 3300, 5200), DarkBurst = new(600, 1400, 3000);

    static readonly Formants[] Vowels = [Ah, Aa, Eh, Ee, Oh, Oo, Uh, Neutral];

    static Phone Vowel(Formants from, Formants to, double ms = 230) => new(ms, 1, 1, from, to);
    static Phone Nasal(Formants to) => new(85, 1, 0.45, Nose, to);
    static Phone Glide(Formants from, Formants to) => new(75, 1, 0.7, from, to);
    static Phone Ess => new(120, 0, 0.4, Hiss, Hiss);
    static Phone Eff => new(120, 0, 0.2, SoftHiss, SoftHiss);
    static Phone Gap => new(55, 0, 0, Neutral, Neutral);
    static Phone Tee => new(30, 0, 0.5, Burst, Burst);
    static Phone Pee => new(30, 0, 0.4, DarkBurst, DarkBurst);

    /// <summary>The ten words, in the order of <see cref="Keywords.Classes"/> from "yes" on.</summary>
    public static readonly Phone[][] Words =
    [
        [Glide(Ee, Eh), Vowel(Eh, Eh, 170), Ess],
        [Nasal(Oh), Vowel(Oh, Oo)],
        [Vowel(Uh, Uh, 150), Gap, Pee],
        [Tee, Vowel(Aa, Oo, 240), Nasal(Nose)],
        [Glide(Ell, Eh), Vowel(Eh, Eh, 130), Eff, Tee],
        [Glide(Arr, Aa), Vowel(Aa, Ee, 220), Gap, Tee],
        [Vowel(Ah, Ah), Nasal(Nose)],
        [Vowel(Ah, Ah), Eff],
        [Ess, Gap, Tee, Vowel(Ah, Ah, 150), Gap, Pee],
        [Pee, Vowel(Oh, Oo)],
    ];

    /// <summary>Words that are none of the ten, put together at random, always the same.</summary>
    public static readonly Phone[][] Others = [.. Enumerable.Range(0, 20).Select(Other)];

    static Phone[] Other(int number)
    {
        var random = Xoshiro.ForSample(0, 0, number);
        var (first, last) = (Vowels[random.Below(Vowels.Length)], Vowels[random.Below(Vowels.Length)]);
        Phone[] start = random.Below(6) switch { 0 => [Ess], 1 => [Nasal(first)], 2 => [Tee], 3 => [Glide(Ell, first)], 4 => [Eff], _ => [] };
        Phone[] end = random.Below(6) switch
        {
            0 => [Ess],
            1 => [Nasal(Nose)],
            2 => [Gap, Tee],
            3 => [Gap, Pee, Vowel(Ee, Ee, 120)],
            4 => [Nasal(last), Vowel(last, Neutral, 120)],
            _ => [],
        };
        return [.. start, Vowel(first, last, random.Uniform(120, 260)), .. end];
    }
}
