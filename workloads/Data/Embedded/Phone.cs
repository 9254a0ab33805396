namespace MlPerfEdu.Data;

/// <summary>
/// One sound of a word: three resonances in Hz that glide from one place to another, how much of the source is voice (the rest is
/// noise), and its length and loudness.
/// </summary>
readonly record struct Phone(double Milliseconds, double Voice, double Loudness, Formants From, Formants To);

readonly record struct Formants(double F1, double F2, double F3)
{
    public Formants Toward(Formants other, double share) =>
        new(F1 + share * (other.F1 - F1), F2 + share * (other.F2 - F2), F3 + share * (other.F3 - F3));
}

/// <summary>The sounds that the words are put together from; resonances near those of an average adult voice.</summary>
static class Phones
{
    static readonly Formants
        Ah = new(700, 1200, 2500), Aa = new(730, 1100, 2450), Eh = new(550, 1800, 2500), Ee = new(290, 2250, 2950),
        Oh = new(480, 900, 2400), Oo = new(310, 880, 2250), Uh = new(620, 1200, 2400), Neutral = new(500, 1500, 2500),
        Nose = new(260, 1300, 2200), Ell = new(340, 1050, 2700), Arr = new(380, 1150, 1650);

    static readonly Formants Hiss = new(4200, 5600, 7000), SoftHiss = new(1700, 4300, 7400), Burst = new(1700, 3300, 5200), DarkBurst = new(600, 1400, 3000);

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

    /// <summary>Words that are none of the ten, put together at random once and for all.</summary>
    public static readonly Phone[][] Others = [.. Enumerable.Range(0, 20).Select(Other)];

    static Phone[] Other(int number)
    {
        var random = Xoshiro.ForSample(0, 0, number);
        var (first, last) = (Vowels[random.Below(Vowels.Length)], Vowels[random.Below(Vowels.Length)]);
        Phone[] start = random.Below(6) switch { 0 => [Ess], 1 => [Nasal(first)], 2 => [Tee], 3 => [Glide(Ell, first)], 4 => [Eff], _ => [] };
        Phone[] end = random.Below(6) switch { 0 => [Ess], 1 => [Nasal(Nose)], 2 => [Gap, Tee], 3 => [Gap, Pee, Vowel(Ee, Ee, 120)], 4 => [Nasal(last), Vowel(last, Neutral, 120)], _ => [] };
        return [.. start, Vowel(first, last, random.Uniform(120, 260)), .. end];
    }
}
