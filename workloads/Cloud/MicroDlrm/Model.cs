using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrm;

/// <summary>
/// A deep learning recommendation model (Naumov et al., 2019): a row per category from its table, dense numbers through a bottom
/// network, both side by side through a top network to one logit.
/// </summary>
/// <remarks>
/// The tables lie one after another in one tensor and are looked up in one call, as table-batched embeddings do: each bag
/// holds one id, so its sum is the row itself.
/// </remarks>
public sealed class MicroDlrmModel : Module<Tensor, Tensor>
{
    readonly Embedding tables;
    readonly Sequential bottom, top;
    readonly int tableCount, denseCount;

    /// <param name="rows">Categories per table.</param>
    /// <param name="bottomWidths">From the dense numbers to the width of a row.</param>
    /// <param name="topHidden">Widths between the joined vectors and the logit.</param>
    public MicroDlrmModel(IReadOnlyList<int> rows, int width, IReadOnlyList<int> bottomWidths, IReadOnlyList<int> topHidden)
        : base(nameof(MicroDlrmModel))
    {
        (tableCount, denseCount) = (rows.Count, bottomWidths[0]);
        tables = Embedding(rows.Sum(), width);
        // Uniform within one over the root of a table's rows, as the authors begin.
        using (no_grad())
            tables.weight!.copy_(cat([.. rows.Select(count => empty(count, width).uniform_(-1 / Math.Sqrt(count), 1 / Math.Sqrt(count)))]));
        bottom = Network(bottomWidths, lastRelu: true);
        top = Network([rows.Count * width + bottomWidths[^1], .. topHidden, 1], lastRelu: false);
        RegisterComponents();
    }

    internal Tensor Tables => tables.weight!;

    internal IReadOnlyList<Linear> Bottom => [.. bottom.children().OfType<Linear>()];

    internal IReadOnlyList<Linear> Top => [.. top.children().OfType<Linear>()];

    internal int TableCount => tableCount;

    // x [B, tables + dense]: per table a row of the joined tables, then the dense numbers → [B]
    public override Tensor forward(Tensor x)
    {
        var ids = x.narrow(1, 0, tableCount).to_type(ScalarType.Int64);              // [B, tables]
        var rows = tables.call(ids).flatten(1);                                      // [B, tables · width]
        var dense = bottom.call(x.narrow(1, tableCount, denseCount));                // [B, width]
        return top.call(F.cat([rows, dense], 1)).squeeze(1);
    }

    static Sequential Network(IReadOnlyList<int> widths, bool lastRelu)
    {
        var layers = new List<Module<Tensor, Tensor>>();
        for (var i = 1; i < widths.Count; i++)
        {
            layers.Add(Linear(widths[i - 1], widths[i]));
            if (i + 1 < widths.Count || lastRelu) layers.Add(ReLU());
        }
        return Sequential(layers);
    }
}
