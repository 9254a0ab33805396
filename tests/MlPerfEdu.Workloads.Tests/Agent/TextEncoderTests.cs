using MlPerfEdu.Engine.Training;
using MlPerfEdu.Workloads.Agent;
using MlPerfEdu.Workloads.Agent.NanoRag;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Agent;

public sealed class TextEncoderTests : IDisposable
{
    static readonly NanoRagGeometry Small = new(new NanoGptGeometry(1, 64, 1, 512, 64), EncoderLayers: 2, Length: 24);
    static readonly string[] Texts = ["the red barn by the sea", "the barn", "a mill", "the old mill by the sea that a carpenter built ."];

    readonly WordVocabulary vocabulary = new(Texts, 512);
    readonly NanoRagModel model;
    readonly TextEmbedder embedder;

    public TextEncoderTests()
    {
        random.manual_seed(1);
        model = new NanoRagModel(Small, new RagRowShape(3, 24, new RagPrompt(12, 12, 12), RowsPerText: 1));
        model.eval();
        using var mode = no_grad();
        // Larger weights than training begins with, so that attention is not the same everywhere.
        foreach (var parameter in model.Encoder.parameters().Where(parameter => parameter.dim() == 2)) parameter.mul_(5);
        embedder = new TextEmbedder(model.Encoder, vocabulary, Small.Decoder.Width);
    }

    [Fact]
    public void Padding_never_changes_a_vector()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var narrow = model.Encoder.forward(Rows(13));
        Assert.True(narrow.data<float>().ToArray().AsSpan().SequenceEqual(model.Encoder.forward(Rows(24)).data<float>().ToArray()));
        Book.Plain(model.Encoder);
        foreach (var length in (int[])[13, 24])
            Assert.InRange((model.Encoder.forward(Rows(length)) - narrow).abs().max().item<float>(), 0, 1e-5f);
    }

    [Fact]
    public void A_text_alone_has_the_vector_that_it_has_among_others()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var together = model.Encoder.forward(Rows(24));
        for (var i = 0; i < Texts.Length; i++)
        {
            var alone = tensor(embedder.Passage(Texts[i]));
            Assert.InRange((together[i] - alone).abs().max().item<float>(), 0, 1e-5f);
            Assert.Equal(1, alone.norm().item<float>(), 1e-5f);
        }
    }

    [Fact]
    public void The_same_text_has_the_same_bits_before_and_after_others()
    {
        var (first, question) = (embedder.Passage(Texts[0]), embedder.Question(Texts[1]));
        foreach (var text in Texts.Reverse())
            embedder.Passage(text);
        Assert.Equal(first, embedder.Passage(Texts[0]));
        Assert.Equal(question, embedder.Question(Texts[1]));
        Assert.NotEqual(embedder.Passage(Texts[1]), question);
    }

    [Fact]
    public void A_text_is_read_up_to_the_encoders_length()
    {
        var all = string.Join(' ', Enumerable.Repeat(Texts[3], 5));
        // The first token says that it is a passage.
        Assert.Equal(embedder.Passage(all), embedder.Passage(string.Join(' ', all.Split(' ').Take(23))));
    }

    // [texts, length], padded
    Tensor Rows(int length) => tensor(Texts.SelectMany(text =>
    {
        var tokens = RagPrompt.PassageOf(vocabulary, text);
        return tokens.Select(token => (long)token).Concat(Enumerable.Repeat(0L, length - tokens.Length));
    }).ToArray(), Texts.Length, length);

    public void Dispose() => model.Dispose();
}
