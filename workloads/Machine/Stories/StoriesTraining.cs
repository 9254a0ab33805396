using System.Diagnostics;
using MlPerfEdu.Data;
using MlPerfEdu.Engine.Training;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>Trains on windows of one text of random tokens, and says where each step's time went.</summary>
sealed class StoriesTraining : IDisposable
{
    const long Seed = 42;

    readonly PartClock clock = new();
    readonly CutGraph graph;
    readonly StoriesModel model;
    readonly FlatAdamW optimizer;
    readonly long[] text;
    readonly int positions;
    Xoshiro random = new(Seed);

    public StoriesTraining(StoriesSize size, int textTokens)
    {
        graph = new CutGraph(clock);
        model = new StoriesModel(size, Seed);
        // As the seed's: Adam without decay, moments .9 and .999.
        optimizer = new FlatAdamW(model.Parameters, (0.9, 0.999), epsilon: 1e-8, weightDecay: 0, clipNorm: 0) { LearningRate = 3e-4 };
        positions = size.Positions;
        text = [.. Enumerable.Range(0, textTokens).Select(_ => (long)random.Below(size.Vocabulary))];
    }

    public long Parameters => model.Parameters.Sum(parameter => parameter.numel());

    public TimedStep Step()
    {
        var start = Stopwatch.GetTimestamp();
        clock.Start();
        var scope = NewDisposeScope();
        var (tokens, targets) = Window();
        var loss = model.Loss(tokens, targets, graph);
        var value = 0.0;
        clock.Time(StepPart.Loss, Pass.Forward, () => value = loss.item<float>());
        graph.Backward();
        clock.Time(StepPart.Optimizer, Pass.Forward, optimizer.Step);
        scope.Dispose();
        var times = clock.Stop();
        return new TimedStep(value, Stopwatch.GetElapsedTime(start).TotalSeconds, times);
    }

    (Tensor Tokens, Tensor Targets) Window()
    {
        (Tensor, Tensor) window = default;
        clock.Time(StepPart.Data, Pass.Forward, () =>
        {
            var first = random.Below(text.Length - positions);
            window = (tensor(text[first..(first + positions)]), tensor(text[(first + 1)..(first + positions + 1)]));
        });
        return window;
    }

    public void Dispose()
    {
        optimizer.Dispose();
        model.Dispose();
    }
}

/// <param name="Seconds">Of the whole step, by a clock of its own.</param>
sealed record TimedStep(double Loss, double Seconds, StepTimes Times);
