using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroBert;

/// <param name="Vocabulary">Words that have a vector, with the special ones.</param>
/// <param name="Length">Places that have one.</param>
/// <param name="Hidden">Between the two products of a layer's second half.</param>
public sealed record MicroBertGeometry(int Vocabulary, int Length, int Width, int Layers, int Heads, int Hidden, int Classes)
{
    public static MicroBertGeometry From(Geometry geometry) => new(
        geometry.Int("vocabulary"), geometry.Int("length"), geometry.Int("width"), geometry.Int("layers"), geometry.Int("heads"),
        geometry.Int("hidden"), geometry.Int("classes"));
}

/// <summary>
/// An encoder (Devlin et al., 2019): words and places into vectors, layers in which every word looks at all others, and a class from what became of
/// the first one. All words of all sentences are rows of one matrix; there is no row for padding.
/// </summary>
public sealed class MicroBertModel : Module<Tensor, Tensor>, IPlainForm
{
    const double InitialDeviation = 0.02;

    readonly Embedding words, places;
    readonly LayerNorm norm;
    readonly ModuleList<MicroBertLayer> layers = new();
    readonly Linear pool, head;
    readonly double probability;

    public MicroBertModel(MicroBertGeometry geometry, double dropout) : base(nameof(MicroBertModel))
    {
        probability = dropout;
        words = Embedding(geometry.Vocabulary, geometry.Width);
        places = Embedding(geometry.Length, geometry.Width);
        norm = LayerNorm(geometry.Width);
        for (var i = 0; i < geometry.Layers; i++) layers.Add(new MicroBertLayer(geometry, dropout));
        pool = Linear(geometry.Width, geometry.Width);
        head = Linear(geometry.Width, geometry.Classes);
        RegisterComponents();
        foreach (var table in (Tensor[])[words.weight!, places.weight!]) init.normal_(table, 0, InitialDeviation);
        foreach (var linear in modules().OfType<Linear>())
        {
            init.normal_(linear.weight, 0, InitialDeviation);
            init.zeros_(linear.bias!);
        }
    }

    /// <summary>With padding, a mask and libtorch's operators, instead of rows for words only.</summary>
    public bool IsPlain { get; set; }

    // numbers [B, T] → logits [B, classes]
    public override Tensor forward(Tensor numbers)
    {
        var rows = IsPlain ? SentenceRows.Padded(numbers) : SentenceRows.Of(numbers);
        var x = F.add(words.call(rows.Words), places.call(rows.Places));            // [N, D]
        x = Dropped(norm.call(x), probability, training, IsPlain);
        foreach (var layer in layers) x = layer.call(x, rows);                      // [N, D]
        var first = F.rows(x, rows.Firsts);                                         // [B, D]
        return head.call(F.tanh(pool.call(first)));
    }

    internal static Tensor Dropped(Tensor x, double probability, bool training, bool plain) => (training && probability > 0, plain) switch
    {
        (false, _) => x,
        (_, true) => F.dropout(x, probability, training),
        _ => KeyedDropout.Of(x, probability),
    };
}

/// <summary>norm(x + attention(x)), then norm(x + mlp(x)): the norms are behind the sums, as in the original.</summary>
public sealed class MicroBertLayer : Module<Tensor, SentenceRows, Tensor>, IPlainForm
{
    readonly int heads;
    readonly double probability;
    readonly Linear queryKeyValue, output, up, down;
    readonly LayerNorm attentionNorm, mlpNorm;

    public MicroBertLayer(MicroBertGeometry geometry, double dropout) : base(nameof(MicroBertLayer))
    {
        (heads, probability) = (geometry.Heads, dropout);
        queryKeyValue = Linear(geometry.Width, 3 * geometry.Width);
        output = Linear(geometry.Width, geometry.Width);
        attentionNorm = LayerNorm(geometry.Width);
        up = Linear(geometry.Width, geometry.Hidden);
        down = Linear(geometry.Hidden, geometry.Width);
        mlpNorm = LayerNorm(geometry.Width);
        RegisterComponents();
    }

    /// <summary>Attention by libtorch's operators, for sentences of one length.</summary>
    public bool IsPlain { get; set; }

    // x [N, D] → [N, D]
    public override Tensor forward(Tensor x, SentenceRows rows)
    {
        var projected = queryKeyValue.call(x);                                      // [N, 3·D]
        var attended = IsPlain ? PlainAttention(projected, rows, heads) : SentenceAttention.Of(projected, rows.Starts, heads);
        x = attentionNorm.call(F.add(x, Dropped(output.call(attended))));
        var hidden = F.gelu(up.call(x));                                            // [N, 4·D]
        return mlpNorm.call(F.add(x, Dropped(down.call(hidden))));
    }

    Tensor Dropped(Tensor x) => MicroBertModel.Dropped(x, probability, training, IsPlain);

    /// <summary>Attention (Vaswani et al., 2017) in both directions: softmax(q·kᵀ / √d + mask)·v for H heads of d numbers.</summary>
    /// <param name="projected">[N, 3·D]: queries, keys and values side by side.</param>
    /// <returns>[N, D]</returns>
    public static Tensor PlainAttention(Tensor projected, SentenceRows rows, int heads)
    {
        long batch = rows.Starts.Length - 1, length = projected.shape[0] / batch, width = projected.shape[1] / 3, head = width / heads;
        var parts = projected.view(batch, length, 3, heads, head).permute(2, 0, 3, 1, 4);
        Tensor q = parts[0], k = parts[1], v = parts[2];                            // [B, H, T, d] each
        var scores = F.matmul(q, k.transpose(2, 3), "scores") / Math.Sqrt(head);    // [B, H, T, T]
        if (rows.Mask is not null) scores = scores + rows.Mask;
        var attended = F.matmul(F.softmax(scores, isScaled: true), v, "values");    // [B, H, T, d]
        return attended.transpose(1, 2).reshape(batch * length, width);
    }
}
