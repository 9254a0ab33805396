using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Measure;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Training;

/// <summary>A workload with one model, samples in memory, a loss between prediction and target, and the recipe's optimizer.</summary>
public abstract class SupervisedWorkload(WorkloadEntry entry, Recipe recipe) : ITrainingWorkload, ITrainedByTheBook
{
    const int MeasuredSeed = 0;

    protected WorkloadEntry Entry { get; } = entry;

    protected Recipe Recipe { get; } = recipe;

    internal string Id => Entry.Id;

    public abstract Provenance Data { get; }

    public int Batch => Recipe.Batch;

    public int TrainingSamples => (int)Inputs.shape[0];

    public abstract int EvaluationSamples { get; }

    public long Parameters
    {
        get
        {
            using var model = BuildModel();
            return model.parameters().Sum(parameter => parameter.numel());
        }
    }

    /// <summary>Training samples, one per row.</summary>
    protected internal abstract Tensor Inputs { get; }

    /// <summary>What is to be predicted, row by row; the inputs themselves when they are to be rebuilt.</summary>
    protected internal abstract Tensor Targets { get; }

    protected internal abstract Module<Tensor, Tensor> BuildModel();

    /// <summary>Training rows as the model wants them, with the recipe's augmentation.</summary>
    protected internal virtual Tensor Present(Tensor rows, ref Xoshiro noise) => rows;

    /// <summary>The same as <see cref="Present"/>, in the layout that users of TorchSharp have.</summary>
    protected internal virtual Tensor PresentByTheBook(Tensor rows, ref Xoshiro noise) => Present(rows, ref noise);

    protected internal abstract Tensor Loss(Tensor prediction, Tensor target);

    /// <summary>Model, loss and their gradients as kernels of this project, where those beat libtorch's operators.</summary>
    protected internal virtual SupervisedFusedStep? Fuse(Module<Tensor, Tensor> model, int batch, int? threads = null) => null;

    protected internal abstract Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default);

    /// <summary>Whether samples differ in size. A step is then measured on the batch that was counted, again and again.</summary>
    protected virtual bool IsRagged => false;

    /// <summary>Positions of the samples that are counted.</summary>
    protected long[] CountedBatch(int batch) =>
        IsRagged ? new BatchOrder((int)Inputs.shape[0], batch, MeasuredSeed).Next().ToArray() : [.. Enumerable.Range(0, batch).Select(i => (long)i)];

    /// <summary>What the modules cannot say about themselves when a step is counted.</summary>
    protected virtual void Describe(ModuleCounter counter, int batch)
    {
    }

    public virtual IReadOnlyList<Invariant> CheckInvariants()
    {
        var (built, counted) = (Parameters, Count(batch: 1).Parameters);
        return
        [
            new("parameters match workloads.yaml", built == Entry.Params, $"{built} built, {Entry.Params} declared"),
            new("parameters match the layer count", built == counted, $"{built} built, {counted} counted"),
        ];
    }

    public virtual IReadOnlyDictionary<string, double> TrivialAnswers => new Dictionary<string, double>();

    public ITrainingRun Begin(int seed) => new SupervisedRun(this, Recipe, Recipe.Batch, seed);

    public IRunningStep Prepare(int batch) => new SupervisedRun(this, Recipe, batch, MeasuredSeed) { Plain = Count(batch), Only = OnlyBatch(batch) };

    public ITrainingRun BeginByTheBook(int seed) => new SupervisedBook(this, Recipe, Recipe.Batch, seed);

    public IBookStep PrepareByTheBook(int batch) => new SupervisedBook(this, Recipe, batch, MeasuredSeed) { Only = OnlyBatch(batch) };

    long[]? OnlyBatch(int batch) => IsRagged ? CountedBatch(batch) : null;

    internal Scores Score(Module<Tensor, Tensor> model, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        model.eval();
        var scores = Evaluate(model, stop);
        model.train();
        return scores;
    }

    StepCount Count(int batch) => ModuleCounter.Count(batch, counter =>
    {
        Describe(counter, batch);
        using var model = counter.Watch(BuildModel());
        var positions = tensor(CountedBatch(batch));
        var rows = Inputs.index_select(0, positions);
        var targets = ReferenceEquals(Inputs, Targets) ? rows : Targets.index_select(0, positions);
        var noise = new Xoshiro();
        Loss(model.call(Present(rows, ref noise)), targets);
        if (Recipe.Optimizer == "muon")
        {
            Muon.Count(counter, model, Recipe);
            return;
        }
        counter.ClipGradientNorm(UpdateStyle.Flat);
        counter.AdamW(UpdateStyle.Flat);
    });

    public virtual void Dispose()
    {
        Inputs.Dispose();
        Targets.Dispose();
        GC.SuppressFinalize(this);
    }
}
