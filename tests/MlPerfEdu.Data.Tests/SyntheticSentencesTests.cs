using System.Text;
using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public class SyntheticSentencesTests(ITestOutputHelper output)
{
    static readonly CharacterGrammar Grammar = new(20260);

    [Fact]
    public void Are_the_pinned_bytes_in_the_shape_of_tiny_shakespeare()
    {
        var set = Embedded.Sentences.Value;
        output.WriteLine(Encoding.ASCII.GetString(set.Train, 0, 500));
        Assert.Equal((400_000, 40_960), (set.Train.Length, set.Test.Length));
        Assert.All(set.Train.Concat(set.Test), symbol => Assert.InRange(symbol, 0, TextDataSet.Symbols - 1));
        Assert.Equal(DataTier.Embedded, set.Provenance.Tier);
    }

    [Fact]
    public void Another_seed_gives_other_sentences()
    {
        var first = SyntheticSentences.Generate(new("s", 1, 200, 100));
        Assert.Equal(first.Train, SyntheticSentences.Generate(new("s", 1, 200, 100)).Train);
        Assert.NotEqual(first.Train, SyntheticSentences.Generate(new("s", 2, 200, 100)).Train);
        Assert.NotEqual(first.Train[..100], first.Test);
    }

    // The text alone, read sentence by sentence: a form is known by its length and by whether an article begins it, and then each of its words
    // tells as much as its share among those in the same place.
    [Fact]
    public void The_text_tells_as_much_as_its_construction_says()
    {
        var text = Encoding.ASCII.GetString(Embedded.Sentences.Value.Train);
        var sentences = text[..text.LastIndexOf('\n')].Split('\n').Select(sentence => sentence.TrimEnd('.').Split(' ')).ToList();
        var forms = sentences.GroupBy(words => (words.Length, Article: words[0].Length <= 3)).Select(form => form.ToList()).ToList();
        var places = forms.SelectMany(form => Enumerable.Range(0, form[0].Length).Select(place => form.Select(words => words[place])));
        var information = Information(sentences.Select(words => (words.Length, words[0].Length <= 3))) + places.Sum(Information);
        var rate = information / text.LastIndexOf('\n');

        output.WriteLine($"{sentences.Count} sentences, {rate:0.0000} nats per character found, {Grammar.EntropyRate:0.0000} by construction");
        Assert.Equal(5, forms.Count);
        Assert.InRange(rate / Grammar.EntropyRate, 0.98, 1.02);
    }

    // In nats, of all of them together.
    static double Information<T>(IEnumerable<T> drawn) where T : notnull
    {
        var counts = drawn.CountBy(one => one).Select(pair => (double)pair.Value).ToList();
        return -counts.Sum(count => count * Math.Log(count / counts.Sum()));
    }

    [Fact]
    public void A_few_characters_of_context_predict_far_worse_than_the_grammar_does()
    {
        var set = Embedded.Sentences.Value;
        var losses = Enumerable.Range(0, 5).Select(context => Baselines.NextSymbolLoss(set, context)).ToArray();
        output.WriteLine($"{string.Join(", ", losses.Select(loss => $"{loss:0.000}"))} nats per character after 0 to 4 characters");
        Assert.InRange(losses[1], 3 * Grammar.EntropyRate, 6 * Grammar.EntropyRate);
        Assert.All(losses, loss => Assert.InRange(loss, 1.2 * Grammar.EntropyRate, 10));
    }
}
