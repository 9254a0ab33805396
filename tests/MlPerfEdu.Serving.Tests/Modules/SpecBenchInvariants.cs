using MlPerfEdu.Serving.SpecBench;
using static MlPerfEdu.Serving.SpecBench.SpecBenchKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("spec-bench")]
sealed class SpecBenchInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        var random = new RandomData(20);
        yield return KernelInvariant.True("counts the proposals before the first that is wrong", 500, () => IsCounted(random));
        yield return KernelInvariant.None("grades by acceptance", Misgraded());
        var all = new SpeculationBench(new Stub((_, _) => true), 4).Run(SpeculationBench.Tasks);
        yield return KernelInvariant.True("a speculator that is always right yields every proposal and one token more",
            all == new SpecResult(12, 48, 48, 48) && all is { Grade: 'A', TokensPerRound: 5 });
    }

    static bool IsCounted(RandomData random)
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
        return result == new SpecResult(rounds.Count, answers.Count, rounds.Sum(round => round.TakeWhile(agrees => agrees).Count()),
            answers.Count(agrees => agrees));
    }

    static int Misgraded() => new[] { (10, 'A'), (8, 'A'), (7, 'B'), (6, 'B'), (4, 'C'), (3, 'D'), (0, 'D') }
        .Count(expected => new SpecResult(1, 10, expected.Item1, 10).Grade != expected.Item2);
}
