using System.Buffers.Binary;
using System.Security.Cryptography;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>A language model that goes on from passages of a text that it was not trained on.</summary>
public abstract class GptInferenceWorkload : IInferenceWorkload
{
    readonly TextDataSet text;
    readonly IncrementalHash answered = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly NanoGptModel trained;

    /// <param name="precision">Of the products of many tokens at once; a few tokens read weights, and multiply fp32 numbers.</param>
    protected GptInferenceWorkload(InferenceSetup setup, PrecisionChoice? precision = null)
    {
        Entry = setup.Entry;
        text = setup.Trainer.Load<TextDataSet>();
        PromptLength = Entry.Geometry.Int("prompt");
        if (text.Test.Length < PromptLength + Samples)
            throw new InvalidOperationException(
                $"{text.Test.Length} characters to ask about; '{Entry.Id}' wants {Samples} passages of {PromptLength}. Lower load.samples.");
        trained = Load(setup, precision);
    }

    /// <summary>A model with the weights of the shared checkpoint.</summary>
    protected static NanoGptModel Load(InferenceSetup setup, PrecisionChoice? precision)
    {
        var model = new NanoGptModel(NanoGptGeometry.From(setup.Trainer.Entry.Geometry), precision);
        setup.Weights.LoadInto(model);
        model.eval();
        return model;
    }

    protected InferenceEntry Entry { get; }

    /// <summary>With the weights of the shared checkpoint.</summary>
    protected NanoGptModel Trained => trained;

    public int PromptLength { get; }

    public int Samples => Entry.Load.Samples;

    public virtual int Batch => 1;

    public Provenance Data => text.Provenance;

    public string AnswersSha256 => Convert.ToHexStringLower(answered.GetCurrentHash());

    /// <summary>Of the model whose parameters the entry states.</summary>
    protected abstract NanoGptModel Answering { get; }

    public abstract IReadOnlyDictionary<string, double> Examine(IRunProgress progress, CancellationToken stop);

    public abstract void Answer(int sample, Action tokenReady);

    public abstract IRunningStep Prepare(int batch);

    protected int[] Prompt(int sample) => Passage(sample, Samples, PromptLength);

    /// <summary>One of so many passages, which lie evenly over the text.</summary>
    protected int[] Passage(int index, int count, int length)
    {
        var start = (int)((long)(text.Test.Length - length) * index / count);
        return Array.ConvertAll(text.Test[start..(start + length)], symbol => (int)symbol);
    }

    protected void Remember(int token)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, token);
        answered.AppendData(bytes);
    }

    /// <summary>Logits after every token, computed at once and without a cache: [tokens][V].</summary>
    protected static float[][] Recomputed(NanoGptModel model, IEnumerable<int> tokens)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var logits = model.forward(tensor(tokens.Select(token => (long)token).ToArray()).unsqueeze(0));
        return [.. logits.data<float>().ToArray().Chunk(model.Geometry.Vocabulary)];
    }

    public virtual IReadOnlyList<Invariant> CheckInvariants()
    {
        var built = Answering.parameters().Sum(parameter => parameter.numel());
        return [new("parameters match workloads.yaml", built == Entry.Params, $"{built} built, {Entry.Params} declared")];
    }

    public virtual void Dispose()
    {
        trained.Dispose();
        answered.Dispose();
        GC.SuppressFinalize(this);
    }
}
