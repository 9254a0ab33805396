using System.Buffers.Binary;
using System.Security.Cryptography;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Workloads.Agent.NanoRag;
using MlPerfEdu.Workloads.Cloud.Gpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Agent.NanoRagAgent;

/// <summary>Answers questions about passages that it was not trained on: it finds three, reads them and writes.</summary>
[Workload("nano-rag-agent")]
public sealed class NanoRagAgentWorkload : IInferenceWorkload, IBatchingSystem, IByTheBook
{
    // Texts whose vectors are computed twice, among others and alone.
    const int Repeated = 32;

    readonly InferenceEntry entry;
    readonly PassageDataSet data;
    readonly PassageSplit? real;
    readonly NanoRagModel model;
    readonly WordVocabulary vocabulary;
    readonly RagAnswerer answerer;
    // Answers whose turn in the hash has not come, and how many have been asked for and hashed.
    readonly Dictionary<long, IReadOnlyList<int>> early = [];
    long asked, hashed;
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public NanoRagAgentWorkload(InferenceSetup setup)
    {
        entry = setup.Entry;
        data = setup.Trainer.Load<PassageDataSet>();
        var sizes = setup.Trainer.Entry.Geometry;
        var geometry = NanoRagGeometry.From(sizes);
        if (data.Test.Questions.Count < Samples)
            throw new InvalidOperationException($"{data.Test.Questions.Count} questions; '{entry.Id}' wants {Samples}. Lower load.samples.");
        model = new NanoRagModel(geometry, RagRowShape.From(sizes));
        setup.Weights.LoadInto(model);
        model.eval();
        vocabulary = NanoRagTrainWorkload.VocabularyOf(data, geometry);
        answerer = new RagAnswerer(model, vocabulary, [.. data.Test.Passages.Select(passage => passage.Text)]);
        real = HotpotQaOf(setup.Trainer.Store);
    }

    public Provenance Data => data.Provenance;

    public int Samples => entry.Load.Samples;

    public int Batch => 1;

    public string AnswersSha256 => Convert.ToHexStringLower(hash.GetCurrentHash());

    public IReadOnlyDictionary<string, double> Examine(IRunProgress progress, CancellationToken stop)
    {
        var metrics = RagExamination.Of(answerer, data.Test, entry.Geometry.Int("answered"), share => Report(data.Test, share), stop);
        if (real is not null)
        {
            using var other = new RagAnswerer(model, vocabulary, [.. real.Passages.Select(passage => passage.Text)]);
            var (_, found) = RagExamination.Retrieval(other, real, share => Report(real, share), stop);
            foreach (var name in (string[])[RagExamination.Accuracy, RagExamination.Bm25Accuracy])
                metrics[$"hotpotqa_{name}"] = found[name];
        }
        return metrics;

        void Report(PassageSplit split, double share) =>
            progress.Report("examining", share, $"{split.Questions.Count} questions about {split.Passages.Count} passages");
    }

    // Wikipedia's paragraphs, where they are at hand: most of their words are spelt in bytes, and none was trained on. Reported, never a target.
    static PassageSplit? HotpotQaOf(DataStore store)
    {
        if (store.Resolve("hotpotqa") is not { Available: true } files) return null;
        var (passages, questions) = HotpotQa.Load(files).Test;
        return new(
            [.. passages.Select(passage => passage with { Text = WordVocabulary.Normalise(passage.Text) })],
            [.. questions.Select(question => question with { Text = WordVocabulary.Normalise(question.Text) })]);
    }

    public void Answer(int sample, Action tokenReady)
    {
        var open = true;
        Submit(sample, tokenReady, () => open = false);
        while (open) Step();
    }

    /// <summary>Passages are found at once, the answer is written during later steps.</summary>
    public void Submit(int sample, Action tokenReady, Action answered)
    {
        var (number, question) = (asked++, Question(sample));
        answerer.Ask(number, answerer.Prompt(question, answerer.Retrieve(question)[0]), tokenReady, answer =>
        {
            // An empty answer has no token that could be ready.
            if (answer.Written.Count == 0) tokenReady();
            RememberInTurn(number, answer.Written);
            answered();
        });
    }

    public void Step() => answerer.Step();

    // Questions lie evenly over the passages.
    string Question(int sample) => data.Test.Questions[(int)((long)data.Test.Questions.Count * sample / Samples)].Text;

    // Who is answered first depends on the machine; what is answered does not.
    void RememberInTurn(long number, IReadOnlyList<int> written)
    {
        early[number] = written;
        for (; early.Remove(hashed, out var tokens); hashed++)
        {
            var bytes = new byte[sizeof(int)];
            foreach (var token in tokens.Append(WordVocabulary.End))
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes, token);
                hash.AppendData(bytes);
            }
        }
    }

    public IReadOnlyList<Invariant> CheckInvariants()
    {
        var built = model.parameters().Sum(parameter => parameter.numel());
        var known = data.Train.Passages.Select(passage => passage.Structure).ToHashSet(StringComparer.Ordinal);
        var shared = data.Test.Passages.Count(passage => known.Contains(passage.Structure));
        var changed = Enumerable.Range(0, Math.Min(Repeated, data.Test.Passages.Count)).Count(passage => !answerer.IsVectorOf(passage));
        return
        [
            new("parameters match workloads.yaml", built == entry.Params, $"{built} built, {entry.Params} declared"),
            new("no passage to search says what one to train on says", shared == 0, $"{shared} of {data.Test.Passages.Count}"),
            new("a passage has the same vector alone as in its store", changed == 0, $"{changed} of {Repeated} differ in a bit"),
        ];
    }

    // The last token of a prompt, after which the answer begins: what was found is read already.
    public IRunningStep Prepare(int batch) =>
        new TokenStep(model.Decoder, CountedPrompt()[..^1], [.. Enumerable.Repeat(CountedPrompt()[^1], batch)]);

    public IBookStep PrepareByTheBook(int batch) => new BookDecode(model.Decoder, CountedPrompt()[..^1], CountedPrompt()[^1..], batch);

    // As long on every machine: what is retrieved follows from the weights.
    int[] CountedPrompt() => answerer.Prompt(Question(0), 0);

    public void Dispose()
    {
        answerer.Dispose();
        model.Dispose();
        hash.Dispose();
    }
}
