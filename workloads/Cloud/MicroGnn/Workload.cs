using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroGnn;

/// <summary>Names the field of every paper from its words and its citations, after seeing the fields of twenty papers each.</summary>
[Workload("micro-gnn-train")]
public sealed class MicroGnnWorkload : ITrainingWorkload, ITrainedByTheBook
{
    const double RadiusTolerance = 1e-6;

    readonly WorkloadEntry entry;
    readonly Recipe recipe;

    public MicroGnnWorkload(WorkloadSetup setup) : this(setup.Entry, setup.Recipe, setup.Load<CitationGraph>())
    {
    }

    internal MicroGnnWorkload(WorkloadEntry entry, Recipe recipe, CitationGraph citations) =>
        (this.entry, this.recipe, Citations) = (entry, recipe, citations);

    internal CitationGraph Citations { get; }

    public Provenance Data => Citations.Provenance;

    // The whole graph is one batch.
    public int Batch => Citations.Papers;

    public int TrainingSamples => Citations.Train.Length;

    public int EvaluationSamples => Citations.Test.Length;

    public long Parameters
    {
        get
        {
            using var model = BuildModel();
            return model.parameters().Sum(parameter => parameter.numel());
        }
    }

    internal MicroGnnModel BuildModel() =>
        new(entry.Geometry.Int("words"), entry.Geometry.Ints("hidden"), entry.Geometry.Int("classes"), recipe.Dropout ?? 0);

    public ITrainingRun Begin(int seed) => new MicroGnnRun(this, recipe, copies: 1, seed);

    /// <summary>A larger batch is the graph several times, side by side.</summary>
    public IRunningStep Prepare(int batch) => new MicroGnnRun(this, recipe, batch / Citations.Papers, seed: 0);

    public ITrainingRun BeginByTheBook(int seed) => new MicroGnnBook(this, recipe, copies: 1, seed);

    public IBookStep PrepareByTheBook(int batch) => new MicroGnnBook(this, recipe, batch / Citations.Papers, seed: 0);

    internal BookGnn BuildByTheBook() =>
        new(entry.Geometry.Int("words"), entry.Geometry.Ints("hidden"), entry.Geometry.Int("classes"), recipe.Dropout ?? 0);

    /// <summary>The training papers of each copy of the graph, and their fields.</summary>
    internal (Tensor Papers, Tensor Fields) Labelled(int copies)
    {
        var (trained, nodes) = (Citations.Train, Citations.Papers);
        return (
            tensor(Enumerable.Range(0, copies).SelectMany(copy => trained.Select(paper => (long)copy * nodes + paper)).ToArray()),
            tensor(Enumerable.Range(0, copies).SelectMany(_ => Labels(trained)).ToArray()));
    }

    internal double ValidationAccuracy(long[] fields) => Metrics.Accuracy(At(Citations.Validation, fields), Labels(Citations.Validation));

    internal Scores Score(long[] fields)
    {
        var (predicted, actual) = (At(Citations.Test, fields), Labels(Citations.Test));
        var recall = Metrics.Recall(predicted, actual, Citations.Classes.Count);
        return new Scores(
            new Dictionary<string, double>
            {
                ["test_accuracy"] = Metrics.Accuracy(predicted, actual),
                ["validation_accuracy"] = ValidationAccuracy(fields),
            },
            Citations.Classes.Zip(recall).ToDictionary(pair => $"recall {pair.First}", pair => pair.Second),
            predicted.Length);
    }

    public IReadOnlyDictionary<string, double> TrivialAnswers
    {
        get
        {
            using var scope = NewDisposeScope();
            var (train, actual) = (Words(Citations.Train), Labels(Citations.Test));
            return new Dictionary<string, double>
            {
                ["words_only_accuracy"] = LinearModel.Accuracy(rows => rows, train, tensor(Labels(Citations.Train)), Words(Citations.Test), actual, Citations.Classes.Count),
                ["commonest_class_accuracy"] = Metrics.CommonestClass(actual),
            };
        }
    }

    // [papers, words]: 1 for a word that a paper has
    Tensor Words(int[] papers)
    {
        var rows = new float[papers.Length * Citations.Vocabulary];
        foreach (var (row, paper) in papers.Index())
        {
            foreach (var word in Citations.Words[paper]) rows[row * Citations.Vocabulary + word] = 1;
        }
        return tensor(rows, [papers.Length, Citations.Vocabulary]);
    }

    static long[] At(int[] papers, long[] fields) => [.. papers.Select(paper => fields[paper])];

    long[] Labels(int[] papers) => [.. papers.Select(paper => (long)Citations.Labels[paper])];

    public IReadOnlyList<Invariant> CheckInvariants()
    {
        var neighbours = new Neighbourhood(Citations);
        var radius = neighbours.DistanceFromUnitRadius();
        var parts = Citations.Train.Concat(Citations.Validation).Concat(Citations.Test).ToList();
        using var run = new MicroGnnRun(this, recipe, copies: 1, seed: 0);
        var counted = run.Count.Parameters;
        var trained = Citations.Train.CountBy(paper => Citations.Labels[paper]).ToDictionary();
        return
        [
            new("parameters match workloads.yaml", Parameters == entry.Params, $"{Parameters} built, {entry.Params} declared"),
            new("parameters match the layer count", Parameters == counted, $"{Parameters} built, {counted} counted"),
            new("a batch is the whole graph", recipe.Batch == Citations.Papers, $"{recipe.Batch} in the recipe, {Citations.Papers} papers"),
            new("neighbourhood is symmetric", neighbours.IsSymmetric, $"{neighbours.Values.Length} cells"),
            new("neighbourhood has spectral radius 1", radius <= RadiusTolerance, $"within {RadiusTolerance:g1}"),
            new("training, validation and test papers differ", parts.Distinct().Count() == parts.Count, $"{parts.Count} papers"),
            new("every class has as many training papers",
                trained.Count == Citations.Classes.Count && trained.Values.Distinct().Count() == 1,
                $"{Citations.Train.Length} papers, {trained.Count} classes"),
            new("test labels are read once", recipe.Epochs == 1, $"{recipe.Epochs} evaluation after {recipe.BatchesPerEpoch} passes"),
        ];
    }

    public void Dispose()
    {
    }
}

/// <summary>The training of the graph network from one seed: a step is one pass over the whole graph.</summary>
sealed class MicroGnnRun : ITrainingRun, IRunningStep
{
    readonly PaperGraph graph;
    readonly Tensor papers, fields;
    readonly MicroGnnModel model;
    readonly FlatAdamW optimizer;
    readonly BestPass best;

    public MicroGnnRun(MicroGnnWorkload workload, Recipe recipe, int copies, int seed)
    {
        random.manual_seed(seed);
        model = workload.BuildModel();
        optimizer = FlatAdamW.Of(model.parameters(), recipe);
        graph = new PaperGraph(workload.Citations, copies);
        (papers, fields) = workload.Labelled(copies);
        best = new BestPass(workload, recipe, model, () => model.call(graph));
        Count = ModuleCounter.Count(copies * workload.Citations.Papers, counter =>
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
        best.AfterPass();
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

    public Scores Evaluate(CancellationToken stop) => best.Score();

    public void Dispose()
    {
        optimizer.Dispose();
        model.Dispose();
        graph.Dispose();
        papers.Dispose();
        fields.Dispose();
    }
}

/// <summary>After every few passes the validation papers are looked at, and what the best model so far says of all papers is kept.</summary>
/// <param name="logits">Of all papers, from the model.</param>
sealed class BestPass(MicroGnnWorkload workload, Recipe recipe, nn.Module model, Func<Tensor> logits)
{
    readonly int every = recipe.SelectEvery ?? recipe.BatchesPerEpoch;
    int passes;
    double bestAccuracy = -1;
    long[] bestFields = [];

    public void AfterPass()
    {
        if (++passes % every == 0) KeepIfBest();
    }

    public Scores Score()
    {
        KeepIfBest();
        return workload.Score(bestFields);
    }

    void KeepIfBest()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        model.eval();
        var found = logits().argmax(1).data<long>().ToArray();
        model.train();
        var accuracy = workload.ValidationAccuracy(found);
        if (accuracy >= bestAccuracy) (bestAccuracy, bestFields) = (accuracy, found);
    }
}
