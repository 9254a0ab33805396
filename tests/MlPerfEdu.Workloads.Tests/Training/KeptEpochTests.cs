using MlPerfEdu.Catalog;
using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Workloads.Tests.Training;

public class KeptEpochTests
{
    static readonly double[] Rising = [0.3, 0.8, 0.5];

    [Theory]
    [InlineData(null, QualityBound.AtLeast, 0.5)]
    [InlineData("last", QualityBound.AtLeast, 0.5)]
    [InlineData("best", QualityBound.AtLeast, 0.8)]
    [InlineData("best", QualityBound.AtMost, 0.3)]
    public void The_scores_of_the_kept_epoch_count(string? kept, QualityBound direction, double expected)
    {
        var entry = ThisClone.Entry("anomaly-ae-train");
        var choice = entry.Data[0] with
        {
            Recipe = entry.Recipe with { Epochs = Rising.Length, BatchesPerEpoch = 1, KeptEpoch = kept },
            QualityTarget = new("score", direction, 0, 1),
            Also = [],
        };
        using var scripted = new Scripted();
        var session = new TrainingLoop(entry, choice, scripted.Begin, new RunOptions { EvidenceFolder = "" }, new Silent())
            .Run(_ => { }, CancellationToken.None);

        Assert.Equal(expected, session.Final.Metrics["score"]);
        Assert.Equal(Rising, session.Curve.Select(point => point.Value));
    }

    /// <summary>Scores as it was told to, whatever it learned.</summary>
    sealed class Scripted : ITrainingWorkload, ITrainingRun
    {
        int evaluated;

        public Provenance Data => throw new NotSupportedException("Nothing here asks for it.");

        public int TrainingSamples => 1;

        public int EvaluationSamples => 1;

        public long Parameters => 0;

        public int Batch => 1;

        public ITrainingRun Begin(int seed) => this;

        public IRunningStep Prepare(int batch) => throw new NotSupportedException("Nothing here is timed.");

        public IReadOnlyList<Invariant> CheckInvariants() => [];

        public IReadOnlyDictionary<string, double> TrivialAnswers => new Dictionary<string, double>();

        public float Step(double learningRate) => 0;

        public Scores Evaluate(CancellationToken stop) =>
            new(new Dictionary<string, double> { ["score"] = Rising[evaluated++] }, new Dictionary<string, double>(), 1);

        public void Dispose()
        {
        }
    }

    sealed class Silent : IRunProgress
    {
        public void Report(string phase, double share, string detail)
        {
        }
    }
}
