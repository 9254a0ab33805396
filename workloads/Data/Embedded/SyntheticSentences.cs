namespace MlPerfEdu.Data;

/// <summary>Text of a <see cref="CharacterGrammar"/>, in the shape of Tiny Shakespeare.</summary>
public static class SyntheticSentences
{
    [Reads("synthetic-sentences")]
    public static TextDataSet Load(DataResolution data) => Generators.Checked(data, Generate(GeneratorSettings.Of(data)));

    public static TextDataSet Generate(GeneratorSettings settings)
    {
        var grammar = new CharacterGrammar(settings.Seed);
        return new(Split(0, settings.Train), Split(1, settings.Test), settings.Provenance());

        byte[] Split(int split, int characters) => grammar.Write(characters, Xoshiro.ForSample(settings.Seed, split, 0));
    }
}

/// <summary>Sentences of invented words in five forms, one to a line. A sentence does not depend on those before it, and can be read in one way
/// only: no word has two classes, and no two forms have the same classes. So the entropy per character is known.</summary>
public sealed class CharacterGrammar
{
    readonly WordClass[][] forms;

    public CharacterGrammar(ulong seed)
    {
        var random = new Xoshiro(seed);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var article = new WordClass(4, 1, taken, ref random);
        var adjective = new WordClass(40, 3, taken, ref random);
        var noun = new WordClass(80, 2, taken, ref random);
        var verb = new WordClass(50, 2, taken, ref random);
        var place = new WordClass(8, 1, taken, ref random);
        var name = new WordClass(30, 3, taken, ref random);
        forms =
        [
            [article, noun, verb],
            [article, adjective, noun, verb],
            [name, verb, article, noun],
            [name, verb, place, article, adjective, noun],
            [article, noun, verb, article, noun, place, name],
        ];
    }

    /// <summary>The lowest loss that a predictor of the next character can reach in the long run, in nats per character.</summary>
    public double EntropyRate => forms.Average(Entropy) / forms.Average(Length);

    public byte[] Write(int characters, Xoshiro random)
    {
        var text = new StringBuilder(characters);
        while (text.Length < characters)
            text.AppendJoin(' ', Words(forms[random.Below(forms.Length)], ref random)).Append(".\n");
        return Encoding.ASCII.GetBytes(text.ToString(0, characters));
    }

    // Not lazily: the order in which words draw numbers is part of the data.
    static string[] Words(WordClass[] form, ref Xoshiro random)
    {
        var words = new string[form.Length];
        for (var i = 0; i < words.Length; i++) words[i] = form[i].Draw(ref random);
        return words;
    }

    // The choice of a form is as much information as that of its words.
    double Entropy(WordClass[] form) => Math.Log(forms.Length) + form.Sum(word => word.Entropy);

    // A space between words, a full stop and a new line: one character more than there are words.
    static double Length(WordClass[] form) => form.Sum(word => word.MeanLength) + form.Length + 1;
}

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
