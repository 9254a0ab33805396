using MlPerfEdu.Workloads.Agent.NanoAgentTrain;
using MlPerfEdu.Workloads.Cloud.MicroBert;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Workloads.Agent.NanoRag;

/// <summary>The sizes of a <see cref="NanoRagModel"/>.</summary>
/// <param name="Decoder">Its vocabulary and width are also the encoder's.</param>
/// <param name="EncoderLayers">Of the encoder; a text that it reads has at most <paramref name="Length"/> tokens.</param>
public sealed record NanoRagGeometry(NanoGptGeometry Decoder, int EncoderLayers, int Length)
{
    public static NanoRagGeometry From(Geometry sizes) =>
        new(NanoGptGeometry.From(sizes), sizes.Int("encoder_layers"), sizes.Int("text"));

    internal MicroBertGeometry Encoder => new(
        Decoder.Vocabulary, Length, Decoder.Width, EncoderLayers, Decoder.Heads, NanoGptGeometry.MlpRatio * Decoder.Width, Classes: 0);
}

/// <summary>
/// Retrieval-augmented generation (Lewis et al., 2020): an encoder finds the passages for a question (Karpukhin et al., 2020), a decoder answers from them.
/// </summary>
/// <remarks>One tower encodes questions and passages: both are short texts in the same words, and the first token says which it is.</remarks>
public sealed class NanoRagModel : Module<Tensor, Tensor>, IGrowingModel
{
    readonly TextEncoder encoder;
    readonly NanoAgentModel decoder;
    readonly RagRowShape shape;

    public NanoRagModel(NanoRagGeometry geometry, RagRowShape shape) : base(nameof(NanoRagModel))
    {
        this.shape = shape;
        encoder = new TextEncoder(geometry.Encoder);
        decoder = new NanoAgentModel(geometry.Decoder);
        RegisterComponents();
    }

    public TextEncoder Encoder => encoder;

    public NanoGptModel Decoder => decoder.Gpt;

    public RagPrompt Prompt => shape.Prompt;

    public int LayerCount => decoder.LayerCount;

    /// <summary>Of the decoder. As long as some of them wait, all of the encoder's do: it learns as a bag of words, which costs next to nothing.</summary>
    public int ActiveLayers
    {
        get => decoder.ActiveLayers;
        set
        {
            decoder.ActiveLayers = value;
            encoder.IsBagOfWords = value < LayerCount;
        }
    }

    // rows [B, …] → the losses of encoder and decoder, [2]
    public override Tensor forward(Tensor rows) => stack([RetrievalLoss(rows), AnswerLoss(rows)]);

    /// <summary>Each question against the passages of all rows: its own is the right one (in-batch negatives).</summary>
    internal Tensor RetrievalLoss(Tensor rows)
    {
        var ids = shape.Ids(rows);                                                          // [P]
        var count = ids.shape[0];
        var vectors = encoder.call(cat([shape.Questions(rows), shape.Passages(rows)], 0));  // [2·P, D]
        Tensor questions = vectors.narrow(0, 0, count), passages = vectors.narrow(0, count, count);
        var scores = F.matmul(questions, passages.t(), "scores") / TextEncoder.Temperature; // [P, P]
        // The same passage in two rows is wrong in neither.
        var same = ids.unsqueeze(0).eq(ids.unsqueeze(1)).logical_and(eye(count, dtype: ScalarType.Bool).logical_not());
        return F.cross_entropy(scores.masked_fill(same, float.NegativeInfinity), arange(count, dtype: ScalarType.Int64), "retrieval");
    }

    /// <summary>Of what the decoder must write: the tokens of answers and their ends.</summary>
    internal Tensor AnswerLoss(Tensor rows)
    {
        var texts = shape.Texts(rows);                                                      // [texts, 2, T]
        return F.cross_entropy(decoder.call(texts), ConversationRows.Of(texts).Written, "answer");
    }
}

/// <summary>Texts into vectors of length 1: a text is near another one when their product is large.</summary>
public sealed class TextEncoder : Module<Tensor, Tensor>, IPlainForm
{
    /// <summary>Products are between −1 and 1; divided by this, they tell one passage from hundreds.</summary>
    public const double Temperature = 0.05;

    const double InitialDeviation = 0.02;

    readonly Embedding words, places;
    readonly LayerNorm norm;
    readonly ModuleList<MicroBertLayer> layers = new();
    readonly Linear head;

    internal TextEncoder(MicroBertGeometry geometry) : base(nameof(TextEncoder))
    {
        Length = geometry.Length;
        words = Embedding(geometry.Vocabulary, geometry.Width);
        places = Embedding(geometry.Length, geometry.Width);
        norm = LayerNorm(geometry.Width);
        for (var i = 0; i < geometry.Layers; i++) layers.Add(new MicroBertLayer(geometry, dropout: 0));
        head = Linear(geometry.Width, geometry.Width);
        RegisterComponents();
        Initialise();
    }

    // It starts as a bag of words: layers add nothing yet, and two texts are as near as they share words. That different words mean the same is left to learn.
    void Initialise()
    {
        init.normal_(words.weight!, 0, InitialDeviation);
        init.normal_(places.weight!, 0, InitialDeviation / 10);
        foreach (var (name, parameter) in named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal)) init.zeros_(parameter);
            else if (name.EndsWith(".output.weight", StringComparison.Ordinal) || name.EndsWith(".down.weight", StringComparison.Ordinal)) init.zeros_(parameter);
            else if (name.EndsWith(".queryKeyValue.weight", StringComparison.Ordinal) || name.EndsWith(".up.weight", StringComparison.Ordinal))
                init.normal_(parameter, 0, InitialDeviation);
        }
        init.eye_(head.weight);
    }

    /// <summary>Tokens of a text that are read.</summary>
    public int Length { get; }

    /// <summary>Its layers are left out and not trained; they add nothing until they were.</summary>
    public bool IsBagOfWords
    {
        get;
        set
        {
            field = value;
            foreach (var parameter in layers.parameters()) parameter.requires_grad = !value;
        }
    }

    /// <summary>With padding, a mask and libtorch's operators, instead of rows for words only.</summary>
    public bool IsPlain { get; set; }

    // tokens [B, T], padded → [B, D]
    public override Tensor forward(Tensor tokens)
    {
        var rows = IsPlain ? SentenceRows.Padded(tokens) : SentenceRows.Of(tokens);
        var mean = F.matmul(Shares(tokens, rows), States(rows), "mean");                    // [B, D]
        return functional.normalize(head.call(mean), dim: 1);
    }

    /// <summary>What becomes of each token, as the head sees it: the mean over a text, made as long as 1, is its vector.</summary>
    // tokens [1, T] → [T, D]
    public Tensor TokenStates(Tensor tokens) => head.call(States(SentenceRows.Of(tokens)));

    Tensor States(SentenceRows rows)
    {
        var x = norm.call(F.add(words.call(rows.Words), places.call(rows.Places)));         // [N, D]
        foreach (var layer in layers.Take(IsBagOfWords ? 0 : layers.Count)) x = layer.call(x, rows);
        return x;
    }

    // [B, N]: one over the length of a text for each of its tokens
    static Tensor Shares(Tensor tokens, SentenceRows rows)
    {
        var lengths = tokens.ne(WordVocabulary.Padding).sum(1).data<long>().ToArray();
        var count = rows.Words.shape[0];
        var shares = new float[lengths.Length * count];
        for (var text = 0; text < lengths.Length; text++)
            shares.AsSpan((int)(text * count) + rows.Starts[text], (int)lengths[text]).Fill(1f / lengths[text]);
        return tensor(shares, lengths.Length, count);
    }
}
