using MlPerfEdu.Data;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;
using MlPerfEdu.Workloads.Cloud.MicroBert;
using TorchSharp;
using static TorchSharp.torch;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class MicroBertTests(ITestOutputHelper output)
{
    const double Tolerance = 2e-6;
    const int Heads = 2, Width = 12;

    static readonly MicroBertGeometry Small = new(Vocabulary: 20, Length: 9, Width: 12, Layers: 2, Heads: 2, Hidden: 24, Classes: 2);

    // One to nine words, padded.
    static Tensor Numbers() => tensor(
        new long[] { 2, 7, 3, 0, 0, 0, 0, 0, 0, 2, 5, 6, 7, 8, 9, 10, 11, 3, 2, 4, 4, 1, 3, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0 }, 4, 9);

    [Fact]
    public void Its_invariants_hold()
    {
        using var workload = Embedded.Create("micro-bert-train");
        Assert.All(workload.CheckInvariants(), invariant => Assert.True(invariant.Holds, $"{invariant.Name}: {invariant.Found}"));
    }

    [Fact]
    public void Rows_are_the_words_of_all_sentences()
    {
        using var scope = NewDisposeScope();
        var rows = SentenceRows.Of(Numbers());
        Assert.Equal([0, 3, 12, 17, 18], rows.Starts);
        Assert.Equal([2L, 7, 3, 2, 5, 6, 7, 8, 9, 10, 11, 3, 2, 4, 4, 1, 3, 2], rows.Words.data<long>());
        Assert.Equal([0L, 1, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 0], rows.Places.data<long>());
        Assert.Equal([0L, 3, 12, 17], rows.Firsts.data<long>());
    }

    // Each sentence alone, in double precision, by libtorch's operators.
    [Fact]
    public void The_kernel_s_attention_and_gradients_are_those_of_its_plain_form()
    {
        using var scope = NewDisposeScope();
        int[] starts = [0, 3, 12, 17, 18];
        var generator = new torch.Generator(3);
        var projected = randn([18, 3 * Width], generator: generator).requires_grad_();
        var weights = randn([18, Width], generator: generator);
        var attended = SentenceAttention.Of(projected, starts, Heads);
        (attended * weights).sum().backward();

        var precise = projected.detach().to_type(ScalarType.Float64).requires_grad_();
        var alone = cat([.. starts.Zip(starts.Skip(1), (from, to) =>
            MicroBertLayer.PlainAttention(precise.narrow(0, from, to - from), new(empty(0), empty(0), empty(0), [0, to - from], null), Heads))], 0);
        (alone * weights).sum().backward();
        var (outputs, gradients) = (Difference(attended, alone), Difference(projected.grad!, precise.grad!));
        output.WriteLine($"outputs {outputs:g3}, gradients {gradients:g3}");
        Assert.InRange(outputs, 0, Tolerance);
        Assert.InRange(gradients, 0, 5 * Tolerance);

        static double Difference(Tensor a, Tensor b) => (a - b).abs().max().item<double>();
    }

    [Theory]
    [InlineData(new[] { 0, 3, 17 }, 2)]
    [InlineData(new[] { 1, 18 }, 2)]
    [InlineData(new[] { 0, 18 }, 5)]
    public void Sizes_that_the_kernel_cannot_read_are_refused(int[] starts, int heads)
    {
        using var projected = zeros(18, 3 * Width);
        Assert.Throws<ArgumentException>(() => SentenceAttention.Of(projected, starts, heads));
    }

    [Fact]
    public void Padding_that_is_attended_changes_what_a_word_becomes()
    {
        using var scope = NewDisposeScope();
        var rows = SentenceRows.Padded(Numbers());
        var projected = randn([36, 3 * Width], generator: new torch.Generator(3));
        var other = projected.clone();
        other.narrow(0, 3, 6).add_(1);
        Assert.Equal(0, FirstSentenceChange(rows));
        Assert.InRange(FirstSentenceChange(rows with { Mask = null }), 0.01, 10);

        float FirstSentenceChange(SentenceRows with) => (MicroBertLayer.PlainAttention(projected, with, Heads) - MicroBertLayer.PlainAttention(other, with, Heads))
            .narrow(0, 0, 3).abs().max().item<float>();
    }

    [Fact]
    public void Padding_changes_no_logit_of_a_small_model()
    {
        using var scope = NewDisposeScope();
        var (padding, kernel) = PaddingCheck.LargestDifferences(Small, Numbers());
        Assert.InRange(padding, 0, Tolerance);
        Assert.InRange(kernel, 0, Tolerance);
    }

    [Fact]
    public void Words_are_numbered_by_how_often_they_are_trained_on()
    {
        Sentence[] trained = [new("a film , a film", 1), new(" dull film ", 0)];
        var vocabulary = new Vocabulary(trained, size: 7);
        Assert.Equal((7, 4, 5, 6, 1), (vocabulary.Count, vocabulary.Number("film"), vocabulary.Number("a"), vocabulary.Number(","), vocabulary.Number("dull")));
        Assert.Equal([2L, 1, 4, 3, 0, 0], vocabulary.Numbers([new("dull film", 0)], 6));
        // No more words than there is room for.
        Assert.Equal([2L, 5, 4, 3], vocabulary.Numbers([new("a film a film", 0)], 4));
    }

    [Fact]
    public void Words_alone_do_not_tell_embedded_verdicts_apart()
    {
        using var workload = (SupervisedWorkload)Embedded.Create("micro-bert-train");
        using var model = workload.BuildModel();
        var words = workload.Score(model, CancellationToken.None).Metrics["bag_of_words_accuracy"];
        var commonest = workload.TrivialAnswers["commonest_class_accuracy"];
        output.WriteLine($"bag of words {words:0.000}, commonest class {commonest:0.000}");
        Assert.InRange(words, 0.5, 0.75);
        Assert.Equal(0.5, commonest);
    }

    [Fact]
    public void Libtorch_runs_the_products_that_the_layers_count()
    {
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null) return;
        using var scope = NewDisposeScope();
        using var model = new MicroBertModel(Small, dropout: 0);
        var labels = tensor(new long[] { 0, 1, 1, 0 });
        foreach (var plain in (bool[])[false, true])
        {
            if (plain) Book.Plain(model);
            using var counted = new MicroBertModel(Small, dropout: 0);
            if (plain) Book.Plain(counted);
            var count = ModuleCounter.Count(4, counter => F.cross_entropy(counter.Watch(counted).call(Numbers()), labels));
            Assert.Empty(RecordedCount.Differences(count, recorder.Record(() => nn.functional.cross_entropy(model.call(Numbers()), labels).backward())));
        }
    }
}
