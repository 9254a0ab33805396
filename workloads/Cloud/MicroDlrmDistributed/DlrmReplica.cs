using MlPerfEdu.Roofline.Count;
using System.Buffers.Binary;
using System.Security.Cryptography;
using MlPerfEdu.Data;
using MlPerfEdu.Generator;
using MlPerfEdu.Workloads.Cloud.MicroDlrm;
using MlPerfEdu.Workloads.Distributed;
using MlPerfEdu.Workloads.Inference;
using MlPerfEdu.Workloads.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrmDistributed;

/// <summary>One rank's copy of the model, which sees its part of every batch (data parallelism, as Li et al., 2020).</summary>
sealed class DlrmReplica : IDisposable
{
    const string DataSet = "synthetic-ratings";
    const ulong OrderSeed = 1;

    readonly IProcessGroup group;
    readonly int batch;
    readonly Tensor inputs, targets;
    readonly MicroDlrmModel model;
    readonly List<Parameter> parameters;
    readonly GradientExchange exchange;
    readonly FlatAdamW optimizer;
    readonly BatchOrder order;
    long[] globalBatch = [];

    public DlrmReplica(Geometry geometry, IProcessGroup group)
    {
        this.group = group;
        batch = geometry.Int("batch");
        var ratings = SyntheticRatings.Load(DataStore.Open().Resolve(DataSet).OrThrow());
        inputs = AlignedTensor.Of(new RatingFeatures(ratings).Train, ratings.Train.Count, RatingFeatures.Width);
        targets = tensor(ratings.Train.Select(rating => rating.IsLike ? 1f : 0f).ToArray());
        // Ranks begin apart, as processes do, and go on from what rank 0 drew.
        random.manual_seed(group.Rank);
        model = new MicroDlrmModel(geometry.Ints("tables"), geometry.Int("width"), geometry.Ints("bottom"), geometry.Ints("top"));
        parameters = [.. model.parameters()];
        exchange = new GradientExchange(parameters, group);
        exchange.ShareValues(root: 0);
        optimizer = new FlatAdamW(
            parameters, geometry.Pair("betas"), geometry.Number("epsilon"), geometry.NumberOrZero("weight_decay"), geometry.NumberOrZero("clip_norm"))
        {
            LearningRate = geometry.Number("learning_rate"),
        };
        order = new BatchOrder(ratings.Train.Count, batch * group.Size, OrderSeed);
    }

    public long Parameters => parameters.Sum(parameter => parameter.numel());

    /// <summary>Every rank draws the same batch of all, and takes its part.</summary>
    public void NextBatch() => globalBatch = order.Next().ToArray();

    /// <summary>The loss of this rank's part, whose gradients are averaged over all ranks.</summary>
    public float Backward()
    {
        var loss = Backward(globalBatch.AsSpan(group.Rank * batch, batch).ToArray());
        exchange.Average();
        return loss;
    }

    /// <summary>How far the averaged gradients lie from those of one process on the whole batch, and the largest of the latter.</summary>
    public (double Difference, double Largest) CompareWithOneProcess()
    {
        using var scope = NewDisposeScope();
        var averaged = exchange.Gather();
        ForgetGradients();
        Backward(globalBatch);
        var alone = exchange.Gather();
        ForgetGradients();
        return ((averaged - alone).abs().max().item<float>(), alone.abs().max().item<float>());
    }

    public void Update() => optimizer.Step();

    /// <summary>The first bits of a digest of all parameters, as many as a double holds exactly.</summary>
    public double Digest()
    {
        using var scope = NewDisposeScope();
        var bytes = cat([.. parameters.Select(parameter => parameter.detach().flatten())]).bytes;
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(bytes)) >> 12;
    }

    public void Dispose()
    {
        optimizer.Dispose();
        model.Dispose();
        inputs.Dispose();
        targets.Dispose();
    }

    float Backward(long[] rows)
    {
        using var scope = NewDisposeScope();
        var positions = tensor(rows);
        // [B]
        var logits = model.forward(inputs.index_select(0, positions));
        var loss = functional.binary_cross_entropy_with_logits(logits, targets.index_select(0, positions));
        loss.backward();
        return loss.item<float>();
    }

    void ForgetGradients()
    {
        foreach (var parameter in parameters) parameter.grad = null;
    }
}
