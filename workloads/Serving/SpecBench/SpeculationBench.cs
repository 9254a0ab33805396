namespace MlPerfEdu.Serving.SpecBench;

/// <summary>A small model that drafts and a large one that verifies.</summary>
public interface ISpeculator
{
    void Draft(string prompt, Span<int> proposed);

    /// <param name="agrees">Becomes true in each place where the large model would have written the proposed token.</param>
    void Verify(string prompt, ReadOnlySpan<int> proposed, Span<bool> agrees);
}

public sealed record SpecTask(string Id, IReadOnlyList<string> Prompts);

/// <param name="Accepted">Proposed tokens before the first that the large model would not have written.</param>
/// <param name="Agreeing">All proposed tokens that the large model would have written there: what the original counts.</param>
public readonly record struct SpecResult(int Rounds, int Proposed, int Accepted, int Agreeing)
{
    public double Acceptance => Proposed == 0 ? 0 : (double)Accepted / Proposed;
    /// <summary>Tokens per pass of the large model: the accepted ones and its own.</summary>
    public double TokensPerRound => Rounds == 0 ? 0 : 1 + (double)Accepted / Rounds;
    public char Grade => Acceptance switch { >= 0.8 => 'A', >= 0.6 => 'B', >= 0.4 => 'C', _ => 'D' };

    public static SpecResult operator +(SpecResult a, SpecResult b) =>
        new(a.Rounds + b.Rounds, a.Proposed + b.Proposed, a.Accepted + b.Accepted, a.Agreeing + b.Agreeing);

    public static SpecResult Add(SpecResult left, SpecResult right) => left + right;
}

/// <summary>Runs one round per prompt and counts the accepted tokens (Xia et al. 2024).</summary>
public sealed class SpeculationBench(ISpeculator speculator, int proposals)
{
    readonly int[] proposed = new int[Guard.Positive(proposals, "proposals per round")];
    readonly bool[] agrees = new bool[proposals];

    /// <summary>Six kinds of text, some easier to guess than others.</summary>
    public static IReadOnlyList<SpecTask> Tasks { get; } =
    [
        new("conversation", ["What should I pack for three days in the mountains?", "Explain to a child why the sea is salty."]),
        new("translation", ["Say in German: the train leaves at noon.", "Say in French: we met at the harbour."]),
        new("summary", ["Sum up in one sentence how a bill becomes law.", "Sum up a story about two sisters and a lighthouse."]),
        new("question", ["Which planet has the shortest year?", "Who wrote the first program for a machine?"]),
        new("mathematics", ["A box holds 12 jars of 250 g. What do 7 boxes weigh?", "What is the sum of the first 40 odd numbers?"]),
        new("retrieval", ["Which of these notes names a date?", "Find the sentence that contradicts the first one."]),
    ];

    public SpecResult Run(SpecTask task)
    {
        Guard.NotEmpty(task.Prompts.Count, "prompts of the task");
        var result = default(SpecResult);
        for (var index = 0; index < task.Prompts.Count; index++)
        {
            speculator.Draft(task.Prompts[index], proposed);
            speculator.Verify(task.Prompts[index], proposed, agrees);
            var wrong = agrees.AsSpan().IndexOf(false);
            result += new SpecResult(1, proposals, wrong < 0 ? proposals : wrong, agrees.AsSpan().Count(true));
        }
        return result;
    }

    /// <summary>All tasks together; every proposed token counts the same.</summary>
    public SpecResult Run(IReadOnlyList<SpecTask> tasks)
    {
        Guard.NotEmpty(tasks.Count, "tasks");
        var result = default(SpecResult);
        foreach (var task in tasks)
            result += Run(task);
        return result;
    }
}

[Kernels("spec-bench")]
public sealed class SpecBenchKernels : IKernels
{
    public IEnumerable<Kernel> Kernels()
    {
        var bench = new SpeculationBench(new Stub((place, _) => place < 2), 4);
        var task = SpeculationBench.Tasks[0];
        yield return new("run-task", () => bench.Run(task));
    }

    internal sealed class Stub(Func<int, int, bool> agree) : ISpeculator
    {
        public void Draft(string prompt, Span<int> proposed) => proposed.Fill(prompt.Length);

        public void Verify(string prompt, ReadOnlySpan<int> proposed, Span<bool> agrees)
        {
            for (var place = 0; place < agrees.Length; place++)
                agrees[place] = agree(place, proposed[place]);
        }
    }
}
