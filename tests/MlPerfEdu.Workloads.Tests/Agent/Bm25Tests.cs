using MlPerfEdu.Workloads.Agent.NanoRag;

namespace MlPerfEdu.Workloads.Tests.Agent;

public class Bm25Tests
{
    static readonly Bm25 Three = new(["a b c", "a a b", "d"]);

    // By hand, with k₁ = 1.2 and b = 0.75. "a" is in 2 of 3 passages: ln(1 + 1.5/2.5); "d" in 1: ln(1 + 2.5/1.5). Passages have 7/3 words on average.
    [Theory]
    [InlineData("a", 0.4208172, 0.5981863, 0)]
    [InlineData("d", 0, 0, 1.2800651)]
    [InlineData("d a", 0.4208172, 0.5981863, 1.2800651)]
    [InlineData("a a", 0.8416344, 1.1963726, 0)]
    [InlineData("e", 0, 0, 0)]
    public void Scores_are_those_computed_by_hand(string question, double first, double second, double third)
    {
        var scores = Three.Scores(question);
        Assert.Equal(first, scores[0], 1e-6);
        Assert.Equal(second, scores[1], 1e-6);
        Assert.Equal(third, scores[2], 1e-6);
    }

    [Fact]
    public void The_best_come_first_and_of_equal_ones_the_earlier()
    {
        Assert.Equal([1, 0, 2], Three.Best("a", 3));
        Assert.Equal([0, 1, 2], Three.Best("nothing", 3));
        Assert.Equal([2], Three.Best("d", 1));
        Assert.Equal(3, Three.Best("a", 9).Length);
    }

    [Fact]
    public void A_long_passage_needs_a_word_more_often()
    {
        var bm25 = new Bm25(["owl", "owl in a large old barn", "a barn"]);
        var scores = bm25.Scores("owl");
        Assert.True(scores[0] > scores[1] && scores[1] > 0);
    }
}
