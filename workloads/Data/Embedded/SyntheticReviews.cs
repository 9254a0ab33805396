namespace MlPerfEdu.Data;

/// <summary>
/// Sentences about films whose verdict is in how words stand to one another: "not" turns a word around, and of two clauses that contradict each
/// other one counts, by the word that joins them. Words alone tell little: those that praise and those that blame stand in the same sentences.
/// </summary>
public static class SyntheticReviews
{
    // Of clauses, those with a negation; of sentences, those with two clauses that contradict each other, and two that agree.
    const double Negated = 0.35, Contradicting = 0.5, Agreeing = 0.25;

    static readonly string[] Things =
    [
        "film", "plot", "cast", "script", "score", "ending", "dialogue", "pace", "story", "acting", "camera", "humour", "opening", "romance", "hero",
        "villain", "scenery", "editing", "soundtrack", "premise",
    ];

    // The last of them are only in sentences that are scored.
    const int New = 2;

    static readonly string[] Praise =
    [
        "charming", "clever", "moving", "funny", "fresh", "gripping", "warm", "bold", "graceful", "honest", "lively", "rich", "sharp", "smart", "subtle",
        "tender", "vivid", "witty", "thrilling", "touching", "elegant", "inventive", "delightful", "superb",
    ];

    static readonly string[] Blame =
    [
        "boring", "clumsy", "dull", "flat", "shallow", "silly", "stale", "tedious", "thin", "ugly", "bland", "cold", "crude", "dreary", "lazy", "messy",
        "noisy", "pointless", "predictable", "slow", "stiff", "tired", "weak", "awful",
    ];

    static readonly string[] Negations = ["not", "never", "hardly", "anything but", "far from"];
    static readonly string[] Degrees = ["", "", "very", "rather", "quite", "truly", "at times", "all in all"];
    static readonly string[] Asides = ["", "", "", "frankly", "i think", "for two hours", "to be fair", "as it happens"];

    [Reads("synthetic-reviews")]
    public static SentenceDataSet Load(DataResolution data) => Generators.Checked(data, Generate(GeneratorSettings.Of(data, "dev")));

    public static SentenceDataSet Generate(GeneratorSettings settings)
    {
        return new(Split(0, settings.Train), Split(1, settings.Test), settings.Provenance());

        Sentence[] Split(int split, int count) => [.. Enumerable.Range(0, count).Select(i =>
        {
            var things = split == 0 ? Things[..^New] : Things;
            var random = Xoshiro.ForSample(settings.Seed, split, i);
            var label = (byte)(i % 2);
            return new Sentence(Write(label == 1, things, ref random), label);
        })];
    }

    static string Write(bool praises, string[] things, ref Xoshiro random)
    {
        var kind = random.Uniform();
        if (kind >= Contradicting + Agreeing) return $"{Clause(praises, things, ref random)} .";
        var first = Clause(praises, things, ref random);
        if (kind >= Contradicting) return $"{first} and {Clause(praises, things, ref random)} .";
        var second = Clause(!praises, things, ref random);
        return random.Below(4) switch
        {
            0 => $"{second} , but {first} .",
            1 => $"although {second} , {first} .",
            2 => $"{first} , even though {second} .",
            _ => $"{second} ; still , {first} .",
        };
    }

    static string Clause(bool praises, string[] things, ref Xoshiro random)
    {
        var negated = random.Chance(Negated);
        string[] parts =
        [
            One(Asides, ref random), "the", One(things, ref random), "is", negated ? One(Negations, ref random) : One(Degrees, ref random),
            One(praises != negated ? Praise : Blame, ref random),
        ];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    static string One(string[] words, ref Xoshiro random) => words[random.Below(words.Length)];
}
