using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Workloads.Agent.NanoAgentTrain;

/// <summary>One decoder learns what three agents must write: steps of tools, calls as JSON, small programs.</summary>
[Workload("nano-agent-train")]
public sealed class NanoAgentTrainWorkload : SupervisedWorkload
{
    // What one layer makes of them stays in the cache.
    const int EvaluationBatch = 32;

    readonly NanoGptGeometry geometry;
    readonly TaskDataSet data;
    readonly Tensor scored;
    readonly int commonest;

    public NanoAgentTrainWorkload(WorkloadSetup setup) : base(setup.Entry, setup.Recipe)
    {
        data = setup.Load<TaskDataSet>();
        geometry = NanoGptGeometry.From(Entry.Geometry);
        Tokens = new TaskTokens(geometry.Vocabulary);
        var window = Entry.Geometry.Int("window");
        Inputs = Conversations.Rows(data.Train, Tokens, window);
        scored = Conversations.Rows(data.Test, Tokens, window);
        commonest = Commonest();
    }

    public TaskTokens Tokens { get; }

    public override Provenance Data => data.Provenance;

    public override int EvaluationSamples => data.Test.Count;

    // [tasks, 2, T]: what is read and what is to be written
    protected internal override Tensor Inputs { get; }

    protected internal override Tensor Targets => Inputs;

    protected internal override Module<Tensor, Tensor> BuildModel()
    {
        var model = new NanoAgentModel(geometry);
        if (Recipe.ShallowLayers is { } layers) model.Gpt.Silence(layers);
        if (Recipe.SinusoidalPositions is { } deviation) model.Gpt.InitialisePositions(deviation);
        return model;
    }

    // logits [M, V]; only what the model must write counts
    protected internal override Tensor Loss(Tensor prediction, Tensor target) =>
        F.cross_entropy(prediction, ConversationRows.Of(target).Written);

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default)
    {
        var exact = new List<bool>();
        var (right, trivial, all) = (0L, 0L, 0L);
        for (var start = 0; start < data.Test.Count; start += EvaluationBatch)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var numbers = scored.narrow(0, start, Math.Min(EvaluationBatch, data.Test.Count - start));
            var hits = model.call(numbers).argmax(1).eq(ConversationRows.Of(numbers).Written).data<bool>().ToArray();
            var written = numbers.select(1, 1);
            var counts = written.ne(Conversations.Nothing).sum(1).data<long>().ToArray();
            trivial += written.eq(commonest).sum().item<long>();
            right += hits.LongCount(hit => hit);
            all += hits.Length;
            foreach (var count in counts)
            {
                exact.Add(hits[..(int)count].All(hit => hit));
                hits = hits[(int)count..];
            }
        }
        var metrics = new Dictionary<string, double>
        {
            ["exact_conversations"] = exact.Average(whole => whole ? 1 : 0),
            ["token_accuracy"] = (double)right / all,
            ["commonest_token_accuracy"] = (double)trivial / all,
        };
        foreach (var kind in data.Test.Index().GroupBy(task => $"exact {Name(task.Item)}"))
            metrics[kind.Key] = kind.Average(task => exact[task.Index] ? 1 : 0);
        return new(metrics, new Dictionary<string, double>(), data.Test.Count);
    }

    static string Name(AgentTask task) => $"{task.GetType().Name[..^"Task".Length].ToLowerInvariant()} {task.Examination}";

    // The token that must be written most often.
    int Commonest() => data.Train.SelectMany(task => Conversations.Of(task, Tokens).Written).Where(token => token != Conversations.Nothing)
        .CountBy(token => token).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key;

    protected override bool IsRagged => true;

    protected override void Describe(ModuleCounter counter, int batch)
    {
        using var scope = NewDisposeScope();
        var rows = ConversationRows.Of(Inputs.index_select(0, tensor(CountedBatch(batch))));
        counter.Table("gpt.tokens", rows.Tokens.data<long>().ToArray().Distinct().Count());
        counter.Table("gpt.positions", rows.Places.data<long>().ToArray().Distinct().Count());
    }

    public override void Dispose()
    {
        scored.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}
