using MlPerfEdu.Workloads.Cloud.MicroBert;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Workloads.Agent.NanoAgentTrain;

/// <summary>
/// The decoder of nanogpt-train on conversations of different lengths: all tokens of all conversations are rows of one matrix, attention looks back
/// within each, and only rows after which something is to be written meet the vocabulary.
/// </summary>
public sealed class NanoAgentModel : Module<Tensor, Tensor>, IPlainForm, IGrowingModel
{
    readonly NanoGptModel gpt;

    public NanoAgentModel(NanoGptGeometry geometry) : base(nameof(NanoAgentModel))
    {
        gpt = new NanoGptModel(geometry);
        RegisterComponents();
    }

    public NanoGptModel Gpt => gpt;

    /// <summary>Attention by libtorch's operators, one conversation after the other.</summary>
    public bool IsPlain { get; set; }

    public int LayerCount => gpt.LayerCount;

    public int ActiveLayers
    {
        get => gpt.ActiveLayers;
        set => gpt.ActiveLayers = value;
    }

    // numbers [B, 2, T] → logits [M, V] of the rows after which the model must write
    public override Tensor forward(Tensor numbers)
    {
        var rows = ConversationRows.Of(numbers);
        var x = gpt.EmbedRows(rows.Tokens, rows.Places);                        // [N, D]
        foreach (var layer in gpt.Layers.Take(ActiveLayers))
        {
            var projected = layer.QueryKeyValue(x);                             // [N, 3·D]
            x = layer.Mlp(layer.Project(Attend(projected, rows.Starts), x));    // [N, D]
        }
        return gpt.Classify(F.rows(x, rows.Answers));
    }

    Tensor Attend(Tensor projected, int[] starts)
    {
        var heads = gpt.Geometry.Heads;
        return IsPlain
            ? cat([.. Enumerable.Range(0, starts.Length - 1).Select(i => NanoGptLayer.PlainAttention(projected[starts[i]..starts[i + 1]], 1, heads))], 0)
            : SentenceAttention.Of(projected, starts, heads, isCausal: true);
    }
}
