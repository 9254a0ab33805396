using MlPerfEdu.Generator;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Workloads.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Workloads.Cloud.MicroGnn;

/// <summary>
/// The training of the graph network from one seed: a step is one pass over the whole graph. After every few of them the validation papers
/// are looked at, and what the best model so far says of all papers is kept.
/// </summary>
sealed class MicroGnnRun : ITrainingRun, IRunningStep
{
    readonly MicroGnnWorkload workload;
    readonly PaperGraph graph;
    readonly Tensor papers, fields;
    readonly MicroGnnModel model;
    readonly FlatAdamW optimizer;
    readonly int selectEvery;
    int steps;
    double bestAccuracy = -1;
    long[] bestFields = [];

    public MicroGnnRun(MicroGnnWorkload workload, Recipe recipe, int copies, int seed)
    {
        this.workload = workload;
        random.manual_seed(seed);
        model = workload.BuildModel();
        optimizer = FlatAdamW.Of(model.parameters(), recipe);
        selectEvery = recipe.SelectEvery ?? recipe.BatchesPerEpoch;
        graph = new PaperGraph(workload.Citations, copies);
        var (trained, nodes) = (workload.Citations.Train, workload.Citations.Papers);
        papers = tensor(Enumerable.Range(0, copies).SelectMany(copy => trained.Select(paper => (long)copy * nodes + paper)).ToArray());
        var labels = workload.Citations.Labels;
        fields = tensor(Enumerable.Range(0, copies).SelectMany(_ => trained.Select(paper => (long)labels[paper])).ToArray());
        Count = ModuleCounter.Count(copies * nodes, counter =>
        {
            counter.Watch(model);
            Loss();
            counter.Adam(UpdateStyle.Flat, recipe.WeightDecay > 0);
        });
    }

    public StepCount Count { get; }

    public float Step(double learningRate)
    {
        optimizer.LearningRate = learningRate;
        var loss = TakeStep();
        if (++steps % selectEvery == 0) KeepIfBest();
        return loss;
    }

    void IRunningStep.Step() => TakeStep();

    float TakeStep()
    {
        using var scope = NewDisposeScope();
        var loss = Loss();
        loss.backward();
        optimizer.Step();
        return loss.item<float>();
    }

    Tensor Loss() => F.cross_entropy(F.rows(model.call(graph), papers), fields);

    void KeepIfBest()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        model.eval();
        var found = model.call(graph).argmax(1).data<long>().ToArray();
        model.train();
        var accuracy = workload.ValidationAccuracy(found);
        if (accuracy >= bestAccuracy) (bestAccuracy, bestFields) = (accuracy, found);
    }

    public Scores Evaluate(CancellationToken stop)
    {
        KeepIfBest();
        return workload.Score(bestFields);
    }

    public void Dispose()
    {
        optimizer.Dispose();
        model.Dispose();
        graph.Dispose();
        papers.Dispose();
        fields.Dispose();
    }
}
