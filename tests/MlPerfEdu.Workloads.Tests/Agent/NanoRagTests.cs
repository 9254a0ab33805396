using MlPerfEdu.Catalog;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Workloads.Agent.NanoRag;

namespace MlPerfEdu.Workloads.Tests.Agent;

public class NanoRagTests
{
    static Geometry Sizes => ThisClone.Entry("nano-rag-train").Geometry;

    [Fact]
    public void An_untrained_encoder_is_far_below_the_target_and_below_bm25()
    {
        using var workload = (NanoRagTrainWorkload)Embedded.Create("nano-rag-train");
        using var run = workload.Begin(1);
        var scores = run.Evaluate().Metrics;
        Assert.InRange(scores[RagExamination.Accuracy], 0, 0.4);
        Assert.InRange(scores["bm25_accuracy"], 0.4, 0.6);
        Assert.True(scores[RagExamination.AboveBm25] < 0);
        Assert.InRange(scores[RagExamination.Answers], 0, 0.05);
    }

    [Fact]
    public void Its_size_is_the_declared_one()
    {
        using var model = new NanoRagModel(NanoRagGeometry.From(Sizes), RagRowShape.From(Sizes));
        Assert.Equal(6_405_888, model.Encoder.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(13_699_968, model.Decoder.parameters().Sum(parameter => parameter.numel()));
    }
}
