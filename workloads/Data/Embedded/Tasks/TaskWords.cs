namespace MlPerfEdu.Data;

/// <summary>The words that tasks for agents are written with.</summary>
public static class TaskWords
{
    public static readonly string[] People = Split(
        "Ada Adam Alan Alex Alice Amir Amy Anna Arno Aron Ben Bela Berta Bruno Carl Carla Cem Chen Clara Cora Dana David Diego Dora Edda Edgar Elif Ella Emil " +
        "Emma Erik Eva Faye Felix Finn Flora Frank Frida Gaia Georg Gina Greta Hanna Hans Heidi Helen Henry Hugo Ida Igor Ines Ingrid Ivan Jack James Jana Jane " +
        "Jens Joan John Jonas Julia Karin Karl Kim Klara Kofi Lara Lars Laura Lea Leo Lena Linda Lisa Luca Lucy Maja Marco Maria Mark Marta Max Mia Milo Mina " +
        "Mona Nadia Nico Nina Noah Nora Olga Oscar Otto Paul Paula Pedro Peter Petra Pia Rosa Ruth Sam Sara Simon Sofia Sven Tara Theo Tina Tom Uma Vera Victor");

    static readonly string[] Places = Split(
        "Athens Berlin Bern Boston Cairo Delhi Dublin Geneva Lima London Lisbon Madrid Milan Moscow Oslo Paris Porto Prague " +
        "Quito Riga Rome Seoul Tokyo Tunis Vienna Warsaw Zurich");

    static readonly string[] Days = Split(
        "Monday Tuesday Friday Sunday");

    static readonly string[] Months = Split(
        "March April August");

    static readonly string[] Seasons = Split(
        "winter summer spring");

    static readonly string[] Foods = Split(
        "apple bread butter cheese coffee cherry grape honey lemon melon onion orange pasta peach pepper pizza potato rice " +
        "salad soup sugar tomato");

    static readonly string[] Colours = Split(
        "amber black blue brown green grey pink purple red silver violet white yellow");

    static readonly string[] Instruments = Split(
        "guitar piano violin drum flute");

    static readonly string[] Sports = Split(
        "chess tennis soccer hockey golf");

    static readonly string[] Vehicles = Split(
        "train plane bus ship bike taxi");

    static readonly string[] Furniture = Split(
        "lamp chair table sofa desk shelf carpet mirror");

    static readonly string[] Devices = Split(
        "camera laptop phone radio screen printer hammer pencil ruler");

    static readonly string[] Genres = Split(
        "jazz rock opera drama comedy horror novel poem");

    public static readonly string[] Tools = Split(
        "book pay send call rent order plan paint play find show open close start stop print scan copy move clean build repair weigh count sell buy cook bake serve " +
        "draw mail post ship_to track rate vote join leave invite greet teach test check watch record mix share store load backup restore deploy cancel renew upgrade");

    /// <summary>The words that a parameter's value is one of.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> WordParameters = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["guest"] = People,
        ["owner"] = People,
        ["client"] = People,
        ["author"] = People,
        ["sender"] = People,
        ["reader"] = People,
        ["city"] = Places,
        ["place"] = Places,
        ["destination"] = Places,
        ["day"] = Days,
        ["month"] = Months,
        ["season"] = Seasons,
        ["food"] = Foods,
        ["dish"] = Foods,
        ["colour"] = Colours,
        ["shade"] = Colours,
        ["instrument"] = Instruments,
        ["sport"] = Sports,
        ["vehicle"] = Vehicles,
        ["item"] = Furniture,
        ["device"] = Devices,
        ["genre"] = Genres,
    };

    /// <summary>Parameters whose values are whole numbers.</summary>
    public static readonly string[] NumberParameters = Split("amount price weight width height length_cm seats nights hours pages copies floor speed limit score level");

    /// <summary>What a person has that is another person.</summary>
    public static readonly string[] Relations = Split("boss friend neighbour parent mentor doctor rival partner");

    /// <summary>What a person has that is a number.</summary>
    public static readonly string[] Numbers = Split("age size salary points debt rank bonus steps");

    /// <summary>Every piece of a task's text, in a fixed order and without repetition: a vocabulary made of them needs a token for each.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. ReactTasks.Pieces.Concat(ToolCallTasks.Pieces).Concat(CodeTasks.Pieces)
            .Concat(People).Concat(WordParameters.Values.SelectMany(words => words))
            .Concat(Tools).Concat(WordParameters.Keys).Concat(NumberParameters).Concat(Relations).Concat(Numbers)
            .Concat(Enumerable.Range(0, MostNumbers).Select(number => FormattableString.Invariant($"{number}")))
            .Where(piece => piece.Length > 1).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Numbers below it are pieces, of which texts have no larger ones.</summary>
    public const int MostNumbers = 1000;

    static string[] Split(string words) => words.Split(' ');
}

/// <summary>What is true of people: drawn from a seed, so that no two tasks have the same facts.</summary>
public sealed record FactStore(ulong Seed)
{
    const int LargestNumber = 100;

    /// <summary>A person or a number; null for what nobody has.</summary>
    public string? Find(string person, string attribute)
    {
        var who = Array.IndexOf(TaskWords.People, person);
        if (who < 0) return null;
        if (Array.IndexOf(TaskWords.Relations, attribute) is >= 0 and var relation)
        {
            // Not the person itself.
            var other = Stream(relation, who).Below(TaskWords.People.Length - 1);
            return TaskWords.People[other < who ? other : other + 1];
        }
        return Array.IndexOf(TaskWords.Numbers, attribute) is >= 0 and var number
            ? FormattableString.Invariant($"{1 + Stream(TaskWords.Relations.Length + number, who).Below(LargestNumber)}")
            : null;
    }

    Xoshiro Stream(int attribute, int who) => Xoshiro.ForSample(Seed, attribute, who);
}
