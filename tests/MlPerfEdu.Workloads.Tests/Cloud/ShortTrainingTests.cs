using MlPerfEdu.Workloads.Cloud.NanoGptDecodeSpec;
using MlPerfEdu.Workloads.Tests.Inference;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class ShortTrainingTests
{
    static readonly ShortTraining Training = new(Steps: 30, Batch: 4, Window: 16, LearningRate: 1e-3);

    // One symbol after the other, again and again.
    static readonly byte[] Text = [.. Enumerable.Range(0, 2000).Select(i => (byte)(i % SmallGpt.Geometry.Vocabulary))];

    [Fact]
    public void Training_lowers_the_loss()
    {
        using var model = new SmallGpt();
        var losses = new List<float>();
        Training.Train(model.Model, Text, (_, loss) => losses.Add(loss), CancellationToken.None);

        Assert.Equal(Training.Steps, losses.Count);
        Assert.InRange(losses[^1], 0, losses[0] / 2);
    }

    [Fact]
    public void A_distilled_model_chooses_more_often_as_its_teacher_does()
    {
        using SmallGpt teacher = new(seed: 1), student = new(seed: 2);
        Training.Train(teacher.Model, Text, (_, _) => { }, CancellationToken.None);
        var before = Agreements(student, teacher);
        Training.Distil(student.Model, teacher.Model, Text, (_, _) => { }, CancellationToken.None);

        Assert.InRange(Agreements(student, teacher), before + 4, int.MaxValue);
    }

    static int Agreements(SmallGpt student, SmallGpt teacher)
    {
        var tokens = Text[..32].Select(symbol => (int)symbol).ToArray();
        return student.Recomputed(tokens).Zip(teacher.Recomputed(tokens)).Count(pair => Choice(pair.First) == Choice(pair.Second));
    }

    static int Choice(float[] row) => Array.IndexOf(row, row.Max());
}
