using MlPerfEdu.Workloads.Agent.NanoAgentTrain;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Workloads.Agent.NanoRag;

/// <summary>An encoder learns to find the passage for a question, and a decoder to write its answer from the passages found.</summary>
[Workload("nano-rag-train")]
public sealed class NanoRagTrainWorkload : SupervisedWorkload
{
    // Answers that a training is scored by.
    const int Answered = 300;

    readonly PassageDataSet data;
    readonly NanoRagGeometry geometry;
    readonly RagRowShape shape;
    readonly WordVocabulary vocabulary;

    public NanoRagTrainWorkload(WorkloadSetup setup) : base(setup.Entry, setup.Recipe)
    {
        data = setup.Load<PassageDataSet>();
        (geometry, shape) = (NanoRagGeometry.From(Entry.Geometry), RagRowShape.From(Entry.Geometry));
        vocabulary = VocabularyOf(data, geometry);
        Inputs = new RagRows(vocabulary, shape).Of(data.Train);
    }

    /// <summary>Of what is trained on: passages that are scored add no word.</summary>
    internal static WordVocabulary VocabularyOf(PassageDataSet data, NanoRagGeometry geometry) => new(
        data.Train.Passages.Select(passage => passage.Text).Concat(data.Train.Questions.Select(question => question.Text)), geometry.Decoder.Vocabulary);

    public override Provenance Data => data.Provenance;

    // [passages, width of a row]
    protected internal override Tensor Inputs { get; }

    // What is to be found and written is in the rows.
    protected internal override Tensor Targets => Inputs;

    public override int EvaluationSamples => data.Test.Questions.Count;

    protected internal override Module<Tensor, Tensor> BuildModel()
    {
        var model = new NanoRagModel(geometry, shape);
        if (Recipe.ShallowLayers is { } layers) model.Decoder.Silence(layers);
        if (Recipe.SinusoidalPositions is { } deviation) model.Decoder.InitialisePositions(deviation);
        model.Decoder.InitialiseCopying();
        return model;
    }

    // The losses of encoder and decoder, [2]
    protected internal override Tensor Loss(Tensor prediction, Tensor target) => prediction.sum();

    protected override bool IsRagged => true;

    // Of the rows that are counted: tokens and places occur more than once.
    protected override void Describe(ModuleCounter counter, int batch)
    {
        using var scope = NewDisposeScope();
        var rows = Inputs.index_select(0, tensor(CountedBatch(batch)));
        var texts = cat([shape.Questions(rows), shape.Passages(rows)], 0);
        counter.Table("encoder.words", Different(texts));
        counter.Table("encoder.places", texts.ne(WordVocabulary.Padding).sum(1).max().item<long>());
        var decoded = ConversationRows.Of(shape.Texts(rows));
        counter.Table("decoder.gpt.tokens", decoded.Tokens.data<long>().ToArray().Distinct().Count());
        counter.Table("decoder.gpt.positions", decoded.Places.data<long>().ToArray().Distinct().Count());

        static long Different(Tensor tokens) => tokens.data<long>().ToArray().Distinct().Count(token => token != WordVocabulary.Padding);
    }

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default)
    {
        using var answerer = new RagAnswerer((NanoRagModel)model, vocabulary, [.. data.Test.Passages.Select(passage => passage.Text)]);
        var metrics = RagExamination.Of(answerer, data.Test, Answered, _ => { }, stop);
        return new Scores(metrics, new Dictionary<string, double>(), EvaluationSamples);
    }
}
