using static System.FormattableString;

namespace MlPerfEdu.Data;

/// <summary>
/// "write: keep above 7 then double then sum": what a function shall do with a list of numbers, step by step, the function in JavaScript, and tests
/// whose results come from the steps themselves. A structure is the chain of steps without its numbers.
/// </summary>
static class CodeTasks
{
    const int MostSteps = 3, Tests = 3, LongestList = 8, LargestNumber = 20, Attempts = 200;

    // JavaScript's numbers are exact up to 2⁵³, and the square of this one is no more than that.
    const long LargestResult = 90_000_000;

    const string Write = "write: ", Then = " then ", Ask = "\n", Fail = "\nfail: ", Again = "\nagain: ";

    // In the order of the failures.
    static readonly string[] Reasons = ["wrong value", "error", "stopped"];

    const string Head = "function f(a){return a", Tail = "}";

    /// <param name="Run">Numbers to numbers; null where the list is too short for it.</param>
    sealed record Step(string Said, string Code, bool HasNumber, Func<long[], int, long[]?> Run)
    {
        /// <summary>The list becomes a number: only at the end of a chain.</summary>
        public bool IsLast { get; init; }
    }

    static readonly Step[] Steps =
    [
        new("keep above #", ".filter(x=>x>#)", true, (a, n) => [.. a.Where(x => x > n)]),
        new("keep below #", ".filter(x=>x<#)", true, (a, n) => [.. a.Where(x => x < n)]),
        new("keep even", ".filter(x=>x%2==0)", false, (a, _) => [.. a.Where(x => x % 2 == 0)]),
        new("keep odd", ".filter(x=>x%2!=0)", false, (a, _) => [.. a.Where(x => x % 2 != 0)]),
        new("drop all #", ".filter(x=>x!=#)", true, (a, n) => [.. a.Where(x => x != n)]),
        new("add #", ".map(x=>x+#)", true, (a, n) => [.. a.Select(x => x + n)]),
        new("subtract #", ".map(x=>x-#)", true, (a, n) => [.. a.Select(x => x - n)]),
        new("multiply by #", ".map(x=>x*#)", true, (a, n) => [.. a.Select(x => x * n)]),
        new("square", ".map(x=>x*x)", false, (a, _) => [.. a.Select(x => x * x)]),
        new("negate", ".map(x=>-x)", false, (a, _) => [.. a.Select(x => -x)]),
        new("reverse", ".reverse()", false, (a, _) => [.. a.Reverse()]),
        new("sort up", ".sort((p,q)=>p-q)", false, (a, _) => [.. a.Order()]),
        new("sort down", ".sort((p,q)=>q-p)", false, (a, _) => [.. a.OrderDescending()]),
        new("first # numbers", ".slice(0,#)", true, (a, n) => [.. a.Take(n)]),
        new("skip #", ".slice(#)", true, (a, n) => [.. a.Skip(n)]),
        new("sum", ".reduce((s,x)=>s+x,0)", false, (a, _) => [a.Sum()]) { IsLast = true },
        new("product", ".reduce((s,x)=>s*x,1)", false, (a, _) => [Product(a)]) { IsLast = true },
        new("largest", ".reduce((s,x)=>s>x?s:x)", false, (a, _) => a.Length == 0 ? null : [a.Max()]) { IsLast = true },
        new("smallest", ".reduce((s,x)=>s<x?s:x)", false, (a, _) => a.Length == 0 ? null : [a.Min()]) { IsLast = true },
        new("count", ".length", false, (a, _) => [a.Length]) { IsLast = true },
        new("last one", ".at(-1)", false, (a, _) => a.Length == 0 ? null : [a[^1]]) { IsLast = true },
    ];

    // Longest first, as a tokenizer takes them.
    public static readonly string[] Pieces =
    [
        Write, Fail, Again, .. Reasons, Head, "keep ", "above ", "below ", "even", "odd", "drop all ", "add ", "subtract ", "multiply by ", "square", "negate", "reverse",
        "sort ", "up", "down", "first ", " numbers", "skip ", "sum", "product", "largest", "smallest", "count", "last one",
        ".filter(x=>x", "%2==0", "%2!=0", "!=", ".map(x=>x", ".map(x=>-x", ".reverse()", ".sort((p,q)=>", "p-q", "q-p", ".slice(0,", ".slice(",
        ".reduce((s,x)=>", "s+x", "s*x", "s>x?s:x", "s<x?s:x", ",0)", ",1)", ".length", ".at(-1)",
    ];

    readonly record struct Chosen(Step Step, int Number)
    {
        public string Said => Step.Said.Replace("#", Text, StringComparison.Ordinal);

        public string Code => Step.Code.Replace("#", Text, StringComparison.Ordinal);

        string Text => Invariant($"{Number}");
    }

    /// <param name="retried">The conversation goes on from an attempt that fails.</param>
    public static string RequestOf(string problem) => Write + problem + Ask;

    public static CodeTask Create(Examination examination, bool retried, ref Xoshiro random)
    {
        // Drawn first: long chains are refused more often. A single step is always learned.
        var steps = random.Uniform() switch { < 0.15 when examination != Examination.NewStructure => 1, < 0.55 => 2, _ => MostSteps };
        while (true)
        {
            var chain = Draw(steps, ref random);
            if (IsExamined(Structure(chain)) != (examination == Examination.NewStructure) || MakeTests(chain, ref random) is not { } tests) continue;
            var request = RequestOf(string.Join(Then, chain.Select(one => one.Said)));
            List<Turn> turns = [new(request, IsWritten: false)];
            if (retried)
            {
                turns.Add(new(Program(Mistaken(chain, ref random)), IsWritten: false));
                turns.Add(new(Retry((CodeFailure)random.Below(Reasons.Length)), IsWritten: false));
            }
            return new(examination, Structure(chain), [.. turns, new(Program(chain), IsWritten: true)], tests);
        }
    }

    public static string Retry(CodeFailure failure) => $"{Fail}{Reasons[(int)failure]}{Again}";

    static string Program(Chosen[] chain) => Head + string.Concat(chain.Select(one => one.Code)) + Tail;

    static string Structure(Chosen[] chain) => string.Join(Then, chain.Select(one => one.Step.Said));

    /// <summary>Whether problems of this structure are only examined: one of five chains of at least two steps, by a hash.</summary>
    internal static bool IsExamined(string structure) => structure.Contains(Then, StringComparison.Ordinal) && StructureHash.Of(structure) % 5 == 0;

    static Chosen[] Draw(int steps, ref Xoshiro random)
    {
        var chain = new Chosen[steps];
        for (var i = 0; i < chain.Length; i++)
        {
            do chain[i] = new(Steps[random.Below(Steps.Length)], 1 + random.Below(9)); while (chain[i].Step.IsLast && i < chain.Length - 1);
        }
        return chain;
    }

    // One step is another one.
    static Chosen[] Mistaken(Chosen[] chain, ref Xoshiro random)
    {
        var (mistaken, at) = ((Chosen[])chain.Clone(), random.Below(chain.Length));
        do mistaken[at] = new(Steps[random.Below(Steps.Length)], 1 + random.Below(9)); while (mistaken[at].Step == chain[at].Step);
        return mistaken;
    }

    // Null where no lists tell such a function from one that does less.
    static List<CodeTest>? MakeTests(Chosen[] chain, ref Xoshiro random)
    {
        List<CodeTest> tests = [];
        for (var attempt = 0; attempt < Attempts && tests.Count < Tests; attempt++)
        {
            var list = new long[4 + random.Below(LongestList - 3)];
            for (var i = 0; i < list.Length; i++) list[i] = random.Below(LargestNumber + 1);
            if (Result(chain, list) is not { } result || result is [] or [0] || !Matters(chain, list, result)) continue;
            tests.Add(new(Json(list), result is [var one] && chain[^1].Step.IsLast ? Invariant($"{one}") : Json(result)));
        }
        return tests.Count == Tests ? tests : null;
    }

    // Without any of its steps the result would be another one.
    static bool Matters(Chosen[] chain, long[] list, long[] result) => Enumerable.Range(0, chain.Length)
        .All(without => Result([.. chain[..without], .. chain[(without + 1)..]], list) is not { } other || !other.SequenceEqual(result));

    static long[]? Result(Chosen[] chain, long[] list)
    {
        foreach (var one in chain)
        {
            if (one.Step.Run(list, one.Number) is not { } next || next.Any(number => Math.Abs(number) > LargestResult)) return null;
            list = next;
        }
        return list;
    }

    // Beyond the largest result it stays beyond it: no product may run over.
    static long Product(long[] list) => (long)list.Aggregate(1.0, (product, number) => Math.Clamp(product * number, -1e15, 1e15));

    static string Json(long[] list) => $"[{string.Join(',', list.Select(number => Invariant($"{number}")))}]";
}
