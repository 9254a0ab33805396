using MlPerfEdu.Catalog;
using MlPerfEdu.Data;
using MlPerfEdu.Workloads.Agent.NanoRag;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Agent;

public sealed class NanoRagTests : IDisposable
{
    static readonly Geometry Sizes = ThisClone.Entry("nano-rag-train").Geometry;
    static readonly PassageDataSet Set = SyntheticPassages.Generate(new GeneratorSettings("test", 5, 300, 200));

    readonly NanoRagModel model;
    readonly RagAnswerer answerer;

    public NanoRagTests()
    {
        random.manual_seed(1);
        var geometry = NanoRagGeometry.From(Sizes);
        model = new NanoRagModel(geometry, RagRowShape.From(Sizes));
        model.eval();
        answerer = new RagAnswerer(model, NanoRagTrainWorkload.VocabularyOf(Set, geometry), [.. Set.Test.Passages.Select(passage => passage.Text)]);
    }

    [Fact]
    public void Its_size_is_the_declared_one()
    {
        Assert.Equal(6_405_888, model.Encoder.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(13_699_968, model.Decoder.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(ThisClone.Entry("nano-rag-train").Params, model.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void An_untrained_encoder_misses_the_target_and_stays_below_bm25()
    {
        var (found, scores) = RagExamination.Retrieval(answerer, Set.Test, _ => { }, default);
        Assert.All(found, passages => Assert.Equal(RagAnswerer.Found, passages.Distinct().Count()));
        Assert.InRange(scores[RagExamination.Accuracy], 0, 0.5);
        Assert.InRange(scores[RagExamination.Bm25Accuracy], 0.5, 0.8);
        Assert.True(scores[RagExamination.AboveBm25] < 0);
    }

    [Fact]
    public void Answers_are_the_same_alone_and_among_others()
    {
        var prompts = Enumerable.Range(0, 10).Select(i => answerer.Prompt(Set.Test.Questions[i].Text, i)).ToList();
        var alone = prompts.ConvertAll(prompt => answerer.Answer(prompt).Written);
        var together = new IReadOnlyList<int>[prompts.Count];
        foreach (var (i, prompt) in prompts.Index().Reverse())
            answerer.Ask(i, prompt, null, answer => together[i] = answer.Written);
        while (answerer.Step())
        {
        }
        Assert.Equal(alone, together);
    }

    [Fact]
    public void A_passage_has_the_vector_of_its_store() => Assert.All(Enumerable.Range(0, 20), passage => Assert.True(answerer.IsVectorOf(passage)));

    public void Dispose()
    {
        answerer.Dispose();
        model.Dispose();
    }
}
