using MlPerfEdu.Workloads.Agent;

namespace MlPerfEdu.Workloads.Tests.Agent;

public class WordVocabularyTests
{
    static readonly WordVocabulary Known = new(["the red barn by the sea .", "the barn"], 2304);

    [Theory]
    [InlineData("the red barn")]
    [InlineData("the crimson barn by the süß sea")]
    [InlineData("x y z")]
    [InlineData("barnacle barn acle")]
    [InlineData("")]
    public void Every_text_comes_back(string text) => Assert.Equal(text, Known.Text(Known.Tokens(text)));

    [Fact]
    public void A_known_word_is_one_token_and_an_unknown_one_its_bytes_and_a_space()
    {
        Assert.Single(Known.Tokens("barn"));
        Assert.Equal("crimson ".Length, Known.Tokens("crimson").Length);
        Assert.Equal("ß".Length + 2, Known.Tokens("ß").Length);
    }

    [Fact]
    public void Special_tokens_have_no_text() =>
        Assert.Equal("the barn", Known.Text([WordVocabulary.Passage, .. Known.Tokens("the barn"), WordVocabulary.End, WordVocabulary.Padding]));

    [Fact]
    public void The_commonest_words_get_a_number()
    {
        var small = new WordVocabulary(["a a a b b c"], 266);
        Assert.Equal([1, 1, 2], ((string[])["a", "b", "c"]).Select(word => small.Tokens(word).Length));
        Assert.Equal(266, small.Count);
    }

    [Theory]
    [InlineData("The Mill's owner, A. Brandt.", "the mill ' s owner , a . brandt .")]
    [InlineData("  two   words ", "two words")]
    public void A_text_is_normalised(string text, string expected) => Assert.Equal(expected, WordVocabulary.Normalise(text));

    [Fact]
    public void Tokens_that_are_no_text_do_no_harm() => Assert.NotNull(Known.Text(Enumerable.Range(-3, 2400)));
}
