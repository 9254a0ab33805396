using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.SpecBench;

[Kernels("spec-bench")]
public sealed class SpecBenchKernels : IKernels
{
    public IEnumerable<Kernel> Kernels()
    {
        var bench = new SpeculationBench(new Stub((place, _) => place < 2), 4);
        var task = SpeculationBench.Tasks[0];
        yield return new("run-task", () => bench.Run(task));
    }

    public IEnumerable<Invariant> Invariants()
    {
        yield return Invariant.None("counts the proposals before the first that is wrong", Miscounted(new(20)));
        yield return Invariant.None("grades by acceptance", Misgraded());
        var all = new SpeculationBench(new Stub((_, _) => true), 4).Run(SpeculationBench.Tasks);
        yield return Invariant.None("a speculator that is always right yields every proposal and one token more",
            all == new SpecResult(12, 48, 48, 48) && all is { Grade: 'A', TokensPerRound: 5 } ? 0 : 1);
    }

    static int Miscounted(RandomData random)
    {
        var wrong = 0;
        for (var trial = 0; trial < 500; trial++)
        {
            var proposals = random.Between(1, 8);
            var answers = new List<bool>();
            var stub = new Stub((_, _) =>
            {
                answers.Add(random.Share() < 0.7);
                return answers[^1];
            });
            var result = new SpeculationBench(stub, proposals).Run(SpeculationBench.Tasks);
            var rounds = answers.Chunk(proposals).ToList();
            wrong += result == new SpecResult(rounds.Count, answers.Count, rounds.Sum(round => round.TakeWhile(agrees => agrees).Count()),
                answers.Count(agrees => agrees)) ? 0 : 1;
        }
        return wrong;
    }

    static int Misgraded() => new[] { (10, 'A'), (8, 'A'), (7, 'B'), (6, 'B'), (4, 'C'), (3, 'D'), (0, 'D') }
        .Count(expected => new SpecResult(1, 10, expected.Item1, 10).Grade != expected.Item2);

    sealed class Stub(Func<int, int, bool> agree) : ISpeculator
    {
        public void Draft(string prompt, Span<int> proposed) => proposed.Fill(prompt.Length);

        public void Verify(string prompt, ReadOnlySpan<int> proposed, Span<bool> agrees)
        {
            for (var place = 0; place < agrees.Length; place++)
                agrees[place] = agree(place, proposed[place]);
        }
    }
}
