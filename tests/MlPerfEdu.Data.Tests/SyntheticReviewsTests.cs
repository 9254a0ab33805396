using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public class SyntheticReviewsTests(ITestOutputHelper output)
{
    [Fact]
    public void Are_the_pinned_sentences_with_as_much_praise_as_blame()
    {
        var set = Embedded.Reviews.Value;
        foreach (var sentence in set.Dev.Take(8)) output.WriteLine($"{sentence.Label} {sentence.Text}");
        Assert.Equal((20_000, 2_000), (set.Train.Count, set.Dev.Count));
        Assert.Equal(0.5, set.Train.Average(sentence => (double)sentence.Label));
        Assert.Equal(0.5, set.Dev.Average(sentence => (double)sentence.Label));
        Assert.All(set.Train, sentence => Assert.InRange(sentence.Text.Split(' ').Length, 5, 40));
        Assert.Equal(DataTier.Embedded, set.Provenance.Tier);
    }

    [Fact]
    public void Few_scored_sentences_are_trained_on()
    {
        var set = Embedded.Reviews.Value;
        var known = set.Train.Select(sentence => sentence.Text).ToHashSet(StringComparer.Ordinal);
        var seen = set.Dev.Count(sentence => known.Contains(sentence.Text)) / (double)set.Dev.Count;
        output.WriteLine($"{seen:0.000} of them");
        Assert.InRange(seen, 0, 0.25);
    }

    [Fact]
    public void A_sentence_never_has_both_labels()
    {
        var set = Embedded.Reviews.Value;
        Assert.All(set.Train.Concat(set.Dev).GroupBy(sentence => sentence.Text), group => Assert.Single(group.Select(sentence => sentence.Label).Distinct()));
    }
}
