namespace MlPerfEdu.Data;

/// <summary>Invented words that may stand in the same places, the first the most frequent: word n is 1/n as likely as the first.</summary>
sealed class WordClass
{
    const string Onsets = "bdfghjklmnprstvwz";
    const string Vowels = "aeiou";

    readonly string[] words;
    // Not normalised: the sum of all weights up to and including this word's.
    readonly double[] reach;

    /// <param name="taken">Words of other classes; a word belongs to one class only.</param>
    public WordClass(int count, int syllables, HashSet<string> taken, ref Xoshiro random)
    {
        words = new string[count];
        reach = new double[count];
        for (var i = 0; i < count; i++)
        {
            do words[i] = Invent(syllables, ref random); while (!taken.Add(words[i]));
            reach[i] = (i > 0 ? reach[i - 1] : 0) + 1.0 / (i + 1);
        }
    }

    public string Draw(ref Xoshiro random)
    {
        var point = random.Uniform(0, reach[^1]);
        return words[Array.FindIndex(reach, end => point < end)];
    }

    /// <summary>Information of one draw, in nats.</summary>
    public double Entropy => Enumerable.Range(0, words.Length).Sum(i => -Probability(i) * Math.Log(Probability(i)));

    public double MeanLength => Enumerable.Range(0, words.Length).Sum(i => Probability(i) * words[i].Length);

    double Probability(int word) => 1.0 / (word + 1) / reach[^1];

    // A consonant and a vowel for each syllable, and now and then a consonant at the end.
    static string Invent(int syllables, ref Xoshiro random)
    {
        Span<char> word = stackalloc char[2 * syllables + 1];
        for (var i = 0; i < syllables; i++)
        {
            word[2 * i] = Onsets[random.Below(Onsets.Length)];
            word[2 * i + 1] = Vowels[random.Below(Vowels.Length)];
        }
        word[^1] = Onsets[random.Below(Onsets.Length)];
        return new(random.Chance(0.5) ? word : word[..^1]);
    }
}
