using MlPerfEdu.Roofline.Count;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>Language models whose parameters are known.</summary>
static class Transformers
{
    const int Vocabulary = 128;

    /// <summary>6 layers of 384, 6 heads; biases everywhere but in the tied classifier.</summary>
    public static StepCount NanoGpt(int batch, int positions, Action<ModuleCounter>? update = null)
    {
        using var model = new Gpt(width: 384, heads: 6, depth: 6, context: 2048);
        return Counting.Of(model, Models.Ids(batch, positions), Predicted, update);
    }

    public static StepCount NanoGptPrefill(int batch, int positions) => Inference(batch, positions, cached: 0);

    /// <summary>One more position per sample after those in the cache.</summary>
    public static StepCount NanoGptDecode(int batch, int cached) => Inference(batch, 1, cached);

    public static StepCount Gpt2Small(int batch, int positions)
    {
        using var model = new Gpt(width: 768, heads: 12, depth: 12, context: 4096);
        return Counting.Of(model, Models.Ids(batch, positions), Predicted);
    }

    /// <summary>Everything stays as it is but two matrices of rank 8 next to each layer's queries, keys and values.</summary>
    public static StepCount Gpt2SmallLora(int batch, int positions, Action<ModuleCounter> update)
    {
        using var model = new Gpt(width: 768, heads: 12, depth: 12, context: 4096, rank: 8);
        return Counting.Of(model, Models.Ids(batch, positions), Predicted, update);
    }

    /// <summary>4 layers of 128, 4 heads with biases, 8 experts of 512, 2 for each token, evenly used.</summary>
    public static StepCount NanoMoe(int batch, int positions)
    {
        var (tokens, table, norm, head) = (Embedding(Vocabulary, 128), Embedding(256, 128), LayerNorm(128), Linear(128, Vocabulary, hasBias: false));
        var layers = Sequential([.. Enumerable.Range(0, 4).SelectMany(_ => new[]
        {
            Models.Residual(Sequential(LayerNorm(128), new Attention(128, 4, causal: true))), Models.Residual(Sequential(LayerNorm(128), Experts())),
        })]);
        using var model = new Composed(
            ids => head.call(norm.call(layers.call(F.add_positions(tokens.call(ids), table.weight!)))), tokens, table, layers, norm, head);
        return Counting.Of(model, Models.Ids(batch, positions), Predicted);

        static Module<Tensor, Tensor> Experts()
        {
            var router = Sequential(Linear(128, 8, hasBias: false), Softmax(-1));
            var experts = Enumerable.Range(0, 8).Select(_ => Sequential(Linear(128, 512, hasBias: false), SiLU(), Linear(512, 128, hasBias: false))).ToArray();
            return new Composed(
                x =>
                {
                    var rows = x.view(-1, 128);
                    var (weights, sum) = (router.call(rows), zeros_like(rows));
                    foreach (var (e, expert) in experts.Index())
                    {
                        var own = arange(e, e + rows.shape[0] / 4).remainder_(rows.shape[0]);
                        sum = sum.index_add(0, own, expert.call(F.rows(rows, own)) * weights.index_select(0, own).narrow(1, e, 1), 1);
                    }
                    return sum.view(x.shape);
                },
                [router, .. experts]);
        }
    }

    /// <summary>Words of 5,000 and 4 special ones, 64 of them; two layers with the norm behind; the first position decides.</summary>
    public static StepCount MicroBert(int batch)
    {
        var (words, table) = (Embedding(5004, 128), Embedding(64, 128));
        Module<Tensor, Tensor> Layer() => Sequential(
            Models.Residual(new Attention(128, 4, causal: false)), LayerNorm(128),
            Models.Residual(Sequential(Linear(128, 512), GELU(), Linear(512, 128))), LayerNorm(128));
        Module<Tensor, Tensor> layers = Sequential(LayerNorm(128), Layer(), Layer()), head = Sequential(Linear(128, 128), Tanh(), Linear(128, 2));
        using var model = new Composed(
            ids => head.call(F.select(layers.call(F.add_positions(words.call(ids), table.weight!)), 0)), words, table, layers, head);
        return Counting.Of(model, Models.Ids(batch, 64), Predicted);
    }

    static StepCount Inference(int batch, int positions, int cached)
    {
        using var mode = no_grad();
        using var model = new Gpt(width: 384, heads: 6, depth: 6, context: 2048, cached: cached);
        return Counting.Of(model, Models.Ids(batch, positions));
    }

    static Tensor Predicted(Tensor logits) => F.cross_entropy(logits.view(-1, logits.shape[^1]), Models.Ids(logits.numel() / logits.shape[^1]));

    sealed class Gpt : Module<Tensor, Tensor>
    {
        readonly Embedding tokens, positions;
        readonly Sequential h;
        readonly LayerNorm norm;

        public Gpt(int width, int heads, int depth, int context, int rank = 0, int cached = 0) : base(nameof(Gpt))
        {
            (tokens, positions, norm) = (Embedding(Vocabulary, width), Embedding(context, width), LayerNorm(width));
            h = Sequential([.. Enumerable.Range(0, depth).SelectMany(_ => new[]
            {
                Models.Residual(Sequential(LayerNorm(width), new Attention(width, heads, causal: true, rank, cached))),
                Models.Residual(Sequential(LayerNorm(width), Linear(width, 4 * width), GELU(), Linear(4 * width, width))),
            })]);
            RegisterComponents();
            foreach (var (name, parameter) in named_parameters())
                parameter.requires_grad = rank == 0 || name.Contains(".adapter.", StringComparison.Ordinal);
        }

        // ids [B, T] → logits [B·T, V]
        public override Tensor forward(Tensor ids)
        {
            var x = norm.call(h.call(F.add_positions(tokens.call(ids), positions.weight!)));
            return F.linear(x.view(-1, x.shape[2]), tokens.weight!);
        }
    }

    // Queries, keys and values from one product; with a rank, thin matrices add to it.
    sealed class Attention : Module<Tensor, Tensor>
    {
        readonly Linear qkv, output;
        readonly Sequential? adapter;
        readonly int heads, cached;
        readonly bool causal;

        public Attention(int width, int heads, bool causal, int rank = 0, int cached = 0) : base(nameof(Attention))
        {
            (this.heads, this.causal, this.cached) = (heads, causal, cached);
            (qkv, output) = (Linear(width, 3 * width), Linear(width, width));
            adapter = rank == 0 ? null : Sequential(Linear(width, rank, hasBias: false), Linear(rank, 3 * width, hasBias: false));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            long batch = x.shape[0], length = x.shape[1], width = x.shape[2], head = width / heads;
            var projected = adapter is null ? qkv.call(x) : F.add(qkv.call(x), adapter.call(x));
            var parts = projected.view(batch, length, 3, heads, head).permute(2, 0, 3, 1, 4);
            if (cached > 0)
            {
                var counter = ModuleCounter.Active!;
                var size = new AttentionSize(batch, heads, length, cached + length, head);
                foreach (var row in AttentionCount.Operators(counter.Name("attention"), size, dataGradient: false).Prepend(AttentionCount.Cache("", size)))
                    counter.Add(row, x, []);
                return output.call(x + 0);
            }

            var scores = F.matmul(parts[0], parts[1].transpose(2, 3), "scores") / Math.Sqrt(head);
            if (causal)
                scores += full(length, length, float.NegativeInfinity).triu_(1);
            var attended = F.matmul(F.softmax(scores, isScaled: true, causal), parts[2], "values");
            return output.call(attended.transpose(1, 2).reshape(batch, length, width));
        }
    }
}
