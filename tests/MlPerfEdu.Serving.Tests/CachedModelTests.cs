using MlPerfEdu.Serving.Loop;

namespace MlPerfEdu.Serving.Tests;

[Trait("Suite", "serving")]
public class CachedModelTests
{
    const int Vocabulary = 1000;

    readonly TinyModel model = TinyModel.Random(Vocabulary, layers: 2, seed: 22);
    readonly RandomData random = new(23);

    // Products of many rows take other paths than those of one, and answers would depend on who else is asking.
    [Fact]
    public void What_follows_a_token_has_the_same_bits_whoever_shares_its_pass()
    {
        CachedModel alone = new(model, blockTokens: 4, blocks: 200), together = new(model, blockTokens: 4, blocks: 200);
        for (var sequence = 0L; sequence < 5; sequence++)
        {
            alone.Add(sequence);
            together.Add(sequence);
        }
        for (var pass = 0; pass < 20; pass++)
        {
            List<NextToken> next = [];
            for (var sequence = 0L; sequence < 5; sequence++)
                next.AddRange(Enumerable.Range(0, random.Between(0, 4)).Select(_ => new NextToken(sequence, random.Below(Vocabulary))));
            if (next.Count == 0)
                continue;
            var logits = together.Append(next);
            for (var row = 0; row < next.Count; row++)
                Assert.Equal(alone.Append([next[row]])[0], logits[row]);
        }
    }

    [Fact]
    public void What_is_only_remembered_is_there_as_if_it_had_been_asked_for()
    {
        CachedModel asked = new(model, blockTokens: 4, blocks: 20), remembered = new(model, blockTokens: 4, blocks: 20);
        List<NextToken> text = [.. Enumerable.Range(0, 9).Select(_ => new NextToken(1, random.Below(Vocabulary)))];
        asked.Add(1);
        remembered.Add(1);
        asked.Append(text);
        remembered.Remember(text);
        Assert.Equal(asked.Append([new(1, 5)])[0], remembered.Append([new(1, 5)])[0]);
    }
}
