using static System.FormattableString;

namespace MlPerfEdu.Data;

/// <summary>
/// "take Anna then boss then age then plus 3": a chain of steps. Each is thought, done by a tool, and its result seen. A structure is the chain of
/// tools without its values.
/// </summary>
static class ReactTasks
{
    const int LongestChain = 4, LargestNumber = TaskWords.MostNumbers - 1;

    const string Take = "ask: take ", Then = " then ", Do = "\n", Think = "think: ", Act = "\nact: ", See = "\nsee: ", Done = "done", Answer = "answer(", End = ")";

    static readonly string[] Calculations = ["plus ", "minus ", "times "];

    public static readonly string[] Pieces =
        [Take, Then, Think, Act, See, Done, Answer, "lookup(", "calc(", "compare(", "length(", .. Calculations, "compare ", "length", "more", "less", "equal"];

    enum Step
    {
        Person,
        Number,
        Length,
        Calculate,
        Compare,
    }

    /// <summary>Every chain that makes sense: people to people, then a number, what is calculated with it, and at last a comparison.</summary>
    static readonly Step[][] Chains =
    [
        .. from people in Enumerable.Range(0, LongestChain)
           from number in new Step?[] { null, Step.Number, Step.Length }
           from calculations in Enumerable.Range(0, number is null ? 1 : 3)
           from compared in Enumerable.Range(0, number is null ? 1 : 2)
           let chain = (Step[])[
               .. Enumerable.Repeat(Step.Person, people), .. number is { } read ? [read] : Array.Empty<Step>(),
               .. Enumerable.Repeat(Step.Calculate, calculations), .. Enumerable.Repeat(Step.Compare, compared)]
           where chain.Length is > 0 and <= LongestChain
           select chain,
    ];

    // Of the chains that differ from all others in more than their values, these are only examined. Each pair of neighbours in them is learned elsewhere.
    static readonly HashSet<string> Examined =
    [
        "Person Number Calculate", "Person Length Compare", "Person Person Number Compare", "Person Length Calculate Compare", "Person Person Person Length",
        "Number Calculate Calculate Compare", "Length Calculate Compare", "Person Person Number",
    ];

    /// <summary>Every chain by name, and whether it is only examined.</summary>
    internal static IEnumerable<(string Structure, bool IsExamined)> Structures => Chains.Select(Name).Select(name => (name, Examined.Contains(name)));

    static string Name(Step[] chain) => string.Join(' ', chain);

    public static ReactTask Create(Examination examination, ref Xoshiro random)
    {
        var chains = Chains.Where(chain => Examined.Contains(Name(chain)) == (examination == Examination.NewStructure)).ToArray();
        var chain = chains[random.Below(chains.Length)];
        var facts = new FactStore(random.Next());
        while (true)
        {
            if (Write(chain, facts, ref random) is { } turns) return new(examination, Name(chain), turns, facts);
        }
    }

    // Null where a number would leave the range that has words.
    static List<Turn>? Write(Step[] chain, FactStore facts, ref Xoshiro random)
    {
        var start = Pick(TaskWords.People, ref random);
        var (value, question, turns) = (start, new StringBuilder(Take + start), new List<Turn>());
        // No step twice: "the one after" must be clear.
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var step in chain)
        {
            if (One(step, value, facts, used, ref random) is not var (said, action, result)) return null;
            question.Append(Then).Append(said);
            turns.Add(new($"{Think}{said}{Act}{action}{End}", IsWritten: true));
            turns.Add(new($"{See}{result}\n", IsWritten: false));
            value = result;
        }
        turns.Add(new($"{Think}{Done}{Act}{Answer}{value}{End}", IsWritten: true));
        return [new(question + Do, IsWritten: false), .. turns];
    }

    // What the question says, which call that is, and what the tool will answer.
    static (string Said, string Action, string Result)? One(Step step, string value, FactStore facts, HashSet<string> used, ref Xoshiro random)
    {
        switch (step)
        {
            case Step.Person or Step.Number:
                var attribute = New(step == Step.Person ? TaskWords.Relations : TaskWords.Numbers, used, ref random);
                return (attribute, $"lookup({value},{attribute}", facts.Find(value, attribute)!);
            case Step.Length:
                return ("length", $"length({value}", Invariant($"{value.Length}"));
            case Step.Calculate:
                var calculation = New(Calculations, used, ref random);
                var (a, b) = (Number(value), 1 + random.Below(calculation == "times " ? 9 : 99));
                var (sign, result) = calculation switch
                {
                    "plus " => ('+', a + b),
                    "minus " => ('-', a - b),
                    _ => ('*', a * b),
                };
                return result is >= 0 and <= LargestNumber ? (Invariant($"{calculation}{b}"), Invariant($"calc({a}{sign}{b}"), Invariant($"{result}")) : null;
            default:
                var (left, right) = (Number(value), random.Chance(0.1) ? Number(value) : random.Below(120));
                return (Invariant($"compare {right}"), Invariant($"compare({left},{right}"), left > right ? "more" : left < right ? "less" : "equal");
        }
    }

    static int Number(string value) => int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);

    static string New(string[] words, HashSet<string> used, ref Xoshiro random)
    {
        string word;
        do word = Pick(words, ref random); while (!used.Add(word));
        return word;
    }

    static string Pick(string[] words, ref Xoshiro random) => words[random.Below(words.Length)];
}
