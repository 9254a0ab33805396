using System.Globalization;
using static MlPerfEdu.Data.PassageWords;

namespace MlPerfEdu.Data;

/// <summary>
/// Short passages, each about one place, and questions that mean a passage without saying it in its words: most concepts are called by another of their
/// words. Of things and who built them, some pairs are only in passages that are searched and scored, and so are some owners' names.
/// </summary>
public static class SyntheticPassages
{
    /// <summary>Of each passage to train on; a scored one has a single question.</summary>
    public const int QuestionsPerTrained = 2;

    // A question names this many concepts, and calls each as its passage does with this chance.
    const int Given = 4;
    const double SameWord = 0.4;

    // One pair of so many is held out.
    const int HeldOutOneIn = 5;
    const int PairStream = 2, NameStream = 3;

    // What is asked for: a kind of concept, or the owner.
    const int Owner = Kinds;

    static readonly string[][] Asked =
    [
        [], // Every question says which thing is meant.
        ["what hue has", "which tint was given to"],
        ["what was the profession of the maker of", "which trade had whoever raised"],
        ["where does one find", "what is the location of"],
        ["which creature inhabits", "what beast lives in"],
        ["which occurrence is told of", "what once happened to"],
        ["which wares are offered in", "what merchandise comes from"],
        ["who possesses", "to whom does one pay rent for"],
    ];

    static readonly string[][] Described =
    [
        [],
        [],
        ["erected by {0}", "that {0} constructed"],
        ["beside the {1}", "close to the {1}"],
        ["where {0} is kept", "that houses {0}"],
        ["remembered for the {1}", "that saw the {1}"],
        ["full of {1}", "with plenty of {1}"],
    ];

    [Reads("synthetic-passages")]
    public static PassageDataSet Load(DataResolution data) => Generators.Checked(data, Generate(GeneratorSettings.Of(data)));

    public static PassageDataSet Generate(GeneratorSettings settings) =>
        new(Split(settings, 0, settings.Train, QuestionsPerTrained), Split(settings, 1, settings.Test, 1), settings.Provenance());

    /// <summary>Whether a thing and its builder, or both names of an owner, are together in scored passages only.</summary>
    public static bool IsHeldOut(ulong seed, int thing, int person) => Chosen(seed, PairStream, thing * Count(Builder) + person);

    static bool IsHeldOutName(ulong seed, int first, int last) => Chosen(seed, NameStream, first * LastNames.Count + last);

    static bool Chosen(ulong seed, int stream, int pair) => Xoshiro.ForSample(seed, stream, pair).Below(HeldOutOneIn) == 0;

    static PassageSplit Split(GeneratorSettings settings, int split, int count, int questions)
    {
        var facts = new Facts[count];
        for (var i = 0; i < count; i++)
        {
            settings.Stop.ThrowIfCancellationRequested();
            var random = Xoshiro.ForSample(settings.Seed, split, i);
            facts[i] = Facts.Draw(settings.Seed, isScored: split == 1, ref random);
        }

        var alike = facts.ToLookup(one => one.Concepts[Thing]);
        return new(
            [.. facts.Select(one => new Passage(Tell(one), string.Join('-', one.Concepts)))],
            [.. facts.Index().SelectMany(one => Ask(settings.Seed, split, one.Index, one.Item, alike[one.Item.Concepts[Thing]], questions))]);
    }

    static string Tell(Facts facts)
    {
        string thing = facts.Word(Thing), colour = WithArticle(facts.Word(Colour)), person = facts.Word(Builder), place = facts.Word(Place);
        string animal = WithArticle(facts.Word(Animal)), happened = facts.Word(Event), goods = facts.Word(Goods), owner = facts.Owner;
        return facts.Wording switch
        {
            0 => $"{owner} owns {colour} {thing} by the {place} . the {person} who built it keeps {animal} there and sells {goods} . it outlasted the {happened} .",
            1 => $"by the {place} stands {colour} {thing} of {owner} . {WithArticle(person)} put it up after the {happened} . among the {goods} sleeps {animal} .",
            _ => $"near the {place} {owner} has {colour} {thing} . {WithArticle(person)} made it before the {happened} , and {animal} guards the {goods} .",
        };
    }

    static List<PassageQuestion> Ask(ulong seed, int split, int index, Facts facts, IEnumerable<Facts> alike, int count)
    {
        // Of what is asked and how; the passage itself has stream `split`.
        var random = Xoshiro.ForSample(seed, 4 + split, index);
        int[] asked = [Colour, Builder, Place, Animal, Event, Goods, Owner];
        Shuffle(asked, ref random);
        var questions = new List<PassageQuestion>();
        foreach (var kind in asked.Take(count))
        {
            var given = Choose(kind, facts, alike, ref random);
            var answer = kind == Owner ? facts.Owner : facts.Word(kind);
            questions.Add(new(Word(kind, given, facts, ref random), answer, index));
        }
        return questions;
    }

    // Together they are true of no other passage.
    static int[] Choose(int asked, Facts facts, IEnumerable<Facts> alike, ref Xoshiro random)
    {
        int[] kinds = [.. Enumerable.Range(1, Kinds - 1).Where(kind => kind != asked)];
        for (var extra = 0; ; extra++)
        {
            Shuffle(kinds, ref random);
            int[] chosen = kinds[..Math.Min(kinds.Length, Given - 1 + extra / 4)];
            if (chosen.Length == kinds.Length || alike.Count(other => chosen.All(kind => other.Concepts[kind] == facts.Concepts[kind])) == 1)
                return chosen;
        }
    }

    static string Word(int asked, int[] given, Facts facts, ref Xoshiro random)
    {
        var words = new List<string> { One(Asked[asked], ref random), "the" };
        if (given.Contains(Colour)) words.Add(facts.Otherwise(Colour, SameWord, ref random));
        words.Add(facts.Otherwise(Thing, SameWord, ref random));
        foreach (var kind in given.Where(kind => kind != Colour))
        {
            var word = facts.Otherwise(kind, SameWord, ref random);
            words.Add(string.Format(CultureInfo.InvariantCulture, One(Described[kind], ref random), WithArticle(word), word));
        }
        return $"{string.Join(' ', words)} ?";
    }

    static string WithArticle(string word) => $"{("aeiou".Contains(word[0], StringComparison.Ordinal) ? "an" : "a")} {word}";

    static string One(string[] texts, ref Xoshiro random) => texts[random.Below(texts.Length)];

    static void Shuffle(int[] items, ref Xoshiro random)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    /// <param name="Concepts">One of each kind.</param>
    /// <param name="Forms">Which of its words each is called by.</param>
    sealed record Facts(int[] Concepts, int[] Forms, string Owner, int Wording)
    {
        const int Wordings = 3;

        public static Facts Draw(ulong seed, bool isScored, ref Xoshiro random)
        {
            int[] concepts = new int[Kinds], forms = new int[Kinds];
            do
            {
                for (var kind = 0; kind < Kinds; kind++) concepts[kind] = random.Below(Count(kind));
            }
            while (IsHeldOut(seed, concepts[Thing], concepts[Builder]) != isScored);
            for (var kind = 0; kind < Kinds; kind++) forms[kind] = random.Below(PassageWords.Forms);
            int first, last;
            do
            {
                (first, last) = (random.Below(FirstNames.Count), random.Below(LastNames.Count));
            }
            while (IsHeldOutName(seed, first, last) != isScored);
            return new(concepts, forms, $"{FirstNames[first]} {LastNames[last]}", random.Below(Wordings));
        }

        public string Word(int kind) => PassageWords.Word(kind, Concepts[kind], Forms[kind]);

        public string Otherwise(int kind, double same, ref Xoshiro random)
        {
            var shift = random.Chance(same) ? 0 : 1 + random.Below(PassageWords.Forms - 1);
            return PassageWords.Word(kind, Concepts[kind], (Forms[kind] + shift) % PassageWords.Forms);
        }
    }
}
