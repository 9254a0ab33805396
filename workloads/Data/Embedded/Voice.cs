namespace MlPerfEdu.Data;

/// <summary>A speaker: pitch, length of the vocal tract, pace and accent, the same in every clip of theirs.</summary>
sealed class Voice
{
    const double Rate = Keywords.SamplesPerClip;
    const int BlockSamples = 80;

    readonly double _pitch, _tract, _pace, _breath;
    readonly Formants _accent;

    public Voice(ulong seed, int number)
    {
        var random = Xoshiro.ForSample(seed, -1, number);
        _pitch = random.Uniform(85, 250);
        _tract = random.Uniform(0.84, 1.2);
        _pace = random.Uniform(0.8, 1.25);
        _breath = random.Uniform(0.02, 0.2);
        _accent = new(random.Uniform(0.92, 1.08), random.Uniform(0.92, 1.08), random.Uniform(0.95, 1.05));
    }

    /// <summary>Adds the word to a clip, beginning at a sample; what does not fit is cut off.</summary>
    public void Speak(IReadOnlyList<Phone> word, double[] clip, int start, ref Xoshiro random)
    {
        var pace = _pace * random.Uniform(0.85, 1.15);
        var pitch = _pitch * random.Uniform(0.9, 1.12);
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
                var source = phone.Voice * (buzz + _breath * noise) + (1 - phone.Voice) * noise;
                // Loudness follows with some 4 ms of delay, so that sounds join without clicks.
                loudness += (phone.Loudness - loudness) * 0.015;
                clip[at] += loudness * (first.Next(source) + 0.6 * second.Next(source) + 0.3 * third.Next(source));
            }
        }
    }

    Formants Sloppy(Formants f, ref Xoshiro random) => new(
        f.F1 * _tract * _accent.F1 * (1 + 0.05 * random.Bell()),
        f.F2 * _tract * _accent.F2 * (1 + 0.05 * random.Bell()),
        f.F3 * _tract * _accent.F3 * (1 + 0.03 * random.Bell()));

    /// <summary>A two-pole filter that rings at one frequency.</summary>
    struct Resonator
    {
        double _gain, _near, _far, _last, _beforeLast;

        public void Tune(double hertz, double bandwidth)
        {
            // The start of the exponential's series: plenty for bandwidths below a tenth of the sample rate.
            var x = Math.PI * bandwidth / Rate;
            var radius = 1 - x * (1 - x / 2 * (1 - x / 3));
            _near = 2 * radius * Turns.Cos(Math.Min(hertz, 0.48 * Rate) / Rate);
            _far = -radius * radius;
            _gain = 1 - radius;
        }

        public double Next(double input)
        {
            var output = _gain * input + _near * _last + _far * _beforeLast;
            (_beforeLast, _last) = (_last, output);
            return output;
        }
    }
}
