using System.Text;

namespace MlPerfEdu.Data;

/// <summary>
/// Sentences of invented words in five forms, one to a line. A sentence does not depend on those before it, and can be read in one way
/// only: no word has two classes, and no two forms have the same classes. So what a character tells on average is known.
/// </summary>
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

    /// <summary>What no predictor of the next character gets below in the long run, in nats per character.</summary>
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
