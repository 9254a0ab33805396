using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Workloads.Cloud.MicroDlrm;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrmDram;

/// <summary>The same step by the book: an embedding bag with sparse gradients and SGD for the table, AdamW for the networks.</summary>
sealed unsafe class DramBook : ITrainingRun, IBookStep
{
    readonly MicroDlrmDramWorkload workload;
    readonly DramNetworks networks;
    readonly EmbeddingBag table;
    readonly Parameter[] parameters;
    readonly optim.Optimizer optimizer, ofTable;
    readonly BatchOrder order;

    public DramBook(MicroDlrmDramWorkload workload, int batch, int seed)
    {
        this.workload = workload;
        random.manual_seed(seed);
        networks = new DramNetworks(workload.Geometry);
        table = Table(workload.Geometry, seed);
        parameters = [.. networks.parameters()];
        optimizer = Book.Optimizer(parameters, workload.Recipe);
        ofTable = optim.SGD(table.parameters(), workload.Geometry.TableLearningRate);
        order = new BatchOrder((int)workload.Inputs.shape[0], batch, (ulong)seed);
    }

    /// <summary>A table of the package with the numbers of ours.</summary>
    internal static EmbeddingBag Table(DramGeometry geometry, int seed)
    {
        var bag = nn.EmbeddingBag(geometry.Rows, geometry.Width, mode: EmbeddingBagMode.Sum, sparse: true);
        using var ours = new HashedTable(geometry.Rows, geometry.Width, seed);
        var to = NativeFloats.Of(bag.weight!);
        for (var row = 0; row < geometry.Rows; row++) ours.Of(row).CopyTo(new(to + (nint)row * geometry.Width, geometry.Width));
        return bag;
    }

    public float Step(double learningRate)
    {
        Book.SetLearningRate(optimizer, learningRate);
        Book.SetLearningRate(ofTable, workload.TableRate(learningRate));
        return TakeStep();
    }

    void IBookStep.Step() => TakeStep();

    float TakeStep()
    {
        using var scope = NewDisposeScope();
        var positions = tensor(order.Next().ToArray());
        var (rows, likes) = (workload.Inputs.index_select(0, positions), workload.Targets.index_select(0, positions));
        var dense = rows.narrow(1, RatingFeatures.Ids, RatingFeatures.Dense);
        ofTable.zero_grad();
        var loss = nn.functional.binary_cross_entropy_with_logits(
            networks.call(LookUp(table, rows.data<float>().ToArray(), workload.Geometry), dense), likes);
        var found = Book.Update(optimizer, parameters, loss, workload.Recipe.ClipNorm);
        ofTable.step();
        return found;
    }

    /// <summary>[B, bags · width], each bag by where it begins among all ids.</summary>
    internal static Tensor LookUp(EmbeddingBag table, float[] samples, DramGeometry geometry)
    {
        var count = samples.Length / RatingFeatures.Width;
        var (ids, hashed, offsets) = (new long[count * geometry.Lookups], new int[geometry.Lookups], new long[count * DramGeometry.Bags]);
        for (var i = 0; i < count; i++)
        {
            HashedIds.Of(samples.AsSpan(i * RatingFeatures.Width, RatingFeatures.Width), geometry.Rows, hashed);
            for (var j = 0; j < hashed.Length; j++) ids[i * geometry.Lookups + j] = hashed[j];
            for (var bag = 0; bag < DramGeometry.Bags; bag++) offsets[i * DramGeometry.Bags + bag] = i * geometry.Lookups + bag;
        }
        return table.call(tensor(ids), tensor(offsets), null).view(count, DramGeometry.Bags * geometry.Width);
    }

    public Scores Evaluate(CancellationToken stop) =>
        workload.Score(networks, samples => LookUp(table, samples, workload.Geometry), new Dictionary<string, double>());

    public void Dispose()
    {
        optimizer.Dispose();
        ofTable.Dispose();
        networks.Dispose();
        table.Dispose();
    }
}
