using System.Buffers.Binary;
using System.Security.Cryptography;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Workloads.Agent.NanoAgentTrain;
using MlPerfEdu.Workloads.Cloud.Gpt;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Agent.Answering;

/// <summary>An agent: the model that nano-agent-train trained, in dialogues about tasks of one kind that it did not learn from.</summary>
public abstract class AgentWorkload<T> : IInferenceWorkload, IBatchingSystem, IByTheBook
    where T : AgentTask
{
    /// <summary>Dialogues that the model goes on with in one step.</summary>
    const int Together = 16;

    // Of a question that was made by people, and its answer: a longer one is not asked.
    const int LongestReal = 512;

    readonly DataStore store;
    readonly TaskDataSet data;
    readonly NanoAgentModel model;
    readonly CachedGpt gpt;
    readonly Dialogues serving;
    readonly IncrementalHash remembered = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    protected AgentWorkload(InferenceSetup setup)
    {
        Entry = setup.Entry;
        store = setup.Trainer.Store;
        data = setup.Trainer.Load<TaskDataSet>();
        var geometry = NanoGptGeometry.From(setup.Trainer.Entry.Geometry);
        Tokens = new TaskTokens(geometry.Vocabulary);
        model = new NanoAgentModel(geometry);
        setup.Weights.LoadInto(model);
        model.eval();
        gpt = new CachedGpt(model.Gpt, get_num_threads(), Together);
        Longest = Entry.Geometry.Int("longest");
        serving = NewDialogues();
        Learned = [.. data.Train.OfType<T>()];
        Examined = [.. data.Test.OfType<T>().Take(Entry.Geometry.Int("examined"))];
    }

    protected InferenceEntry Entry { get; }

    protected TaskTokens Tokens { get; }

    /// <summary>The most tokens of a prompt and its answer.</summary>
    protected int Longest { get; }

    protected IReadOnlyList<T> Learned { get; }

    protected IReadOnlyList<T> Examined { get; }

    public Provenance Data => data.Provenance;

    public int Samples => Math.Min(Entry.Load.Samples, Examined.Count);

    public int Batch => 1;

    public string AnswersSha256 => Convert.ToHexStringLower(remembered.GetCurrentHash());

    public abstract IReadOnlyDictionary<string, double> Examine(IRunProgress progress, CancellationToken stop);

    /// <summary>As the server holds it.</summary>
    protected abstract IDialogue Open(T task);

    Dialogues NewDialogues() => new(gpt, Longest);

    /// <summary>The files of a data set by people, which is reported where it is at hand and never a target; null elsewhere.</summary>
    protected DataResolution? Real(string dataSet) => store.Resolve(dataSet) is { Available: true } files ? files : null;

    /// <summary>Answers to requests of any length; null for those that are too long.</summary>
    protected List<string?> AnswersTo(IEnumerable<string> requests, int mostTokens, string what, IRunProgress progress, CancellationToken stop)
    {
        using var running = new Dialogues(gpt, LongestReal);
        List<SingleAnswer?> asked = [.. requests.Select(request => Tokens.Encode(request))
            .Select(prompt => prompt.Count + mostTokens > LongestReal ? null : new SingleAnswer(prompt, mostTokens, TaskTokens.End))];
        List<SingleAnswer> all = [.. asked.OfType<SingleAnswer>()];
        running.Finish(all, ended => progress.Report("examining", (double)ended / all.Count, $"{what}, {ended} of {all.Count}"), stop);
        return asked.ConvertAll(one => one is null ? null : Tokens.Decode(one.Answer));
    }

    /// <summary>All of them at once.</summary>
    protected void Hold(IReadOnlyList<IDialogue> dialogues, string what, IRunProgress progress, CancellationToken stop)
    {
        using var running = NewDialogues();
        running.Finish(dialogues, ended => progress.Report("examining", (double)ended / dialogues.Count, $"{what}, {ended} of {dialogues.Count}"), stop);
    }

    /// <summary>Milliseconds from a question to the model's answer, of dialogues one after another.</summary>
    protected double MillisecondsAlone(IEnumerable<IDialogue> dialogues, CancellationToken stop)
    {
        using var running = NewDialogues();
        foreach (var dialogue in dialogues) running.Finish([dialogue], _ => { }, stop);
        return 1000 * running.Seconds.Average();
    }

    public void Answer(int sample, Action tokenReady)
    {
        Submit(sample, tokenReady, () => { });
        while (serving.Open > 0) Step();
    }

    public void Step() => serving.Step();

    public void Submit(int sample, Action tokenReady, Action answered)
    {
        List<int> tokens = [];
        serving.Begin(
            Open(Examined[sample]),
            token =>
            {
                tokens.Add(token);
                tokenReady();
            },
            () =>
            {
                foreach (var token in tokens) Remember(token);
                answered();
            });
    }

    void Remember(int token)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, token);
        remembered.AppendData(bytes);
    }

    public virtual IReadOnlyList<Invariant> CheckInvariants()
    {
        var built = model.parameters().Sum(parameter => parameter.numel());
        var learned = Learned.Select(task => task.Structure).ToHashSet(StringComparer.Ordinal);
        var shared = Examined.Count(task => task.Examination == Examination.NewStructure && learned.Contains(task.Structure));
        return
        [
            new("parameters match workloads.yaml", built == Entry.Params, $"{built} built, {Entry.Params} declared"),
            new("no new structure was learned from", shared == 0, $"{shared} of {Examined.Count} tasks"),
        ];
    }

    public IRunningStep Prepare(int batch) => new TokenStep(model.Gpt, HalfAnswered(), HalfAnswered()[..batch]);

    public IBookStep PrepareByTheBook(int batch) => new BookDecode(model.Gpt, HalfAnswered(), [TaskTokens.End], batch);

    // A request and half of what it leads to.
    int[] HalfAnswered()
    {
        var geometry = Entry.Geometry;
        var text = Tokens.Encode(Examined.MaxBy(task => Tokens.Encode(task.Text).Count)!.Text);
        var wanted = geometry.Int("prompt") + geometry.Int("steps") / 2;
        return [.. Enumerable.Range(0, wanted).Select(at => text[at % text.Count])];
    }

    public void Dispose()
    {
        serving.Dispose();
        gpt.Dispose();
        model.Dispose();
        remembered.Dispose();
        GC.SuppressFinalize(this);
    }
}
