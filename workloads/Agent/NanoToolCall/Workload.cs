using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Serving.Grammar;
using MlPerfEdu.Workloads.Agent.Answering;
using MlPerfEdu.Workloads.Agent.NanoAgentTrain;

namespace MlPerfEdu.Workloads.Agent.NanoToolCall;

/// <summary>Writes a call of the right tool as JSON: freely, and held to the tools' schema token by token.</summary>
[Workload("nano-toolcall-agent")]
public sealed class NanoToolCallWorkload : AgentWorkload<ToolCallTask>
{
    // For times: a batch would hide them.
    const int Alone = 20;

    // Of a call with arguments by people.
    const int MostRealTokens = 96;

    readonly Vocabulary vocabulary;

    public NanoToolCallWorkload(InferenceSetup setup) : base(setup) => vocabulary = new Vocabulary(Tokens.Texts);

    // The server holds its answers to the schema.
    protected override IDialogue Open(ToolCallTask task) => Constrained(task);

    CallDialogue Constrained(ToolCallTask task) => new(task, Tokens, vocabulary);

    CallDialogue Free(ToolCallTask task) => new(task, Tokens, null);

    public override IReadOnlyDictionary<string, double> Examine(IRunProgress progress, CancellationToken stop)
    {
        List<CallDialogue> free = [.. Examined.Select(Free)], constrained = [.. Examined.Select(Constrained)];
        Hold(free, "free calls", progress, stop);
        Hold(constrained, "calls held to their schema", progress, stop);
        var nearest = new NearestQuestion<ToolCallTask>(Learned, Tokens);
        var trivial = Examined.Average(task => nearest.To(task).Call == task.Call ? 1 : 0);
        var commonest = Learned.CountBy(Name).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First().Key;
        var values = Share(free, Examination.NewValues);
        var metrics = new Dictionary<string, double>
        {
            ["exact_match_new_values"] = values,
            ["exact_match_new_schemas"] = Share(free, Examination.NewStructure),
            ["constrained_match_new_values"] = Share(constrained, Examination.NewValues),
            ["constrained_match_new_schemas"] = Share(constrained, Examination.NewStructure),
            ["json_validity_rate"] = free.Average(dialogue => dialogue.Validity.IsJson ? 1 : 0),
            ["schema_validity_rate"] = free.Average(dialogue => dialogue.Validity.IsAllowed ? 1 : 0),
            ["constrained_validity_rate"] = constrained.Average(dialogue => dialogue.Validity.IsAllowed ? 1 : 0),
            ["constrained_outputs"] = constrained.Count,
            ["nearest_question_match"] = trivial,
            ["above_nearest_question"] = values - trivial,
            ["commonest_tool_share"] = Examined.Average(task => Name(task) == commonest ? 1 : 0),
            ["tool_accuracy"] = free.Average(dialogue => dialogue.HasRightTool ? 1 : 0),
            ["classification_latency_ms"] = MillisecondsAlone(Examined.Take(Alone).Select(Free), stop),
        };
        if (Real("bfcl-simple") is { } files)
        {
            foreach (var (name, count) in Bfcl(MlPerfEdu.Data.Bfcl.Load(files).Test, progress, stop)) metrics[$"bfcl_{name}"] = count;
        }
        return metrics;
    }

    // Counts: of a few hundred questions in other words than it learned, it answers next to none.
    Dictionary<string, double> Bfcl(IReadOnlyList<FunctionCall> calls, IRunProgress progress, CancellationToken stop)
    {
        var requests = calls.Select(call => ToolCallTask.RequestOf(call.Function, call.Parameters, call.Question));
        var answers = AnswersTo(requests, MostRealTokens, "questions of BFCL", progress, stop);
        var written = calls.Zip(answers, (call, answer) => (Call: call, Answer: answer ?? "")).ToList();
        return new()
        {
            ["asked"] = calls.Count,
            ["too_long"] = answers.Count(answer => answer is null),
            ["json"] = written.Count(one => PossibleCall.IsJson(one.Answer)),
            ["right_function"] = written.Count(one => one.Answer.StartsWith($"{{\"name\":\"{one.Call.Function}\",", StringComparison.Ordinal)),
            ["right"] = written.Count(one => PossibleCall.IsRight(one.Answer, one.Call)),
        };
    }

    static double Share(IEnumerable<CallDialogue> dialogues, Examination examination) =>
        dialogues.Where(dialogue => dialogue.Task.Examination == examination).Average(dialogue => dialogue.IsRight ? 1 : 0);

    static string Name(ToolCallTask task) => task.Structure.Split('(')[0];
}

/// <summary>One request and its call.</summary>
/// <param name="vocabulary">Of the grammar that the call is held to; null where it is free.</param>
sealed class CallDialogue(ToolCallTask task, TaskTokens tokens, Vocabulary? vocabulary) : IDialogue
{
    const int MostTokens = 48;

    public ToolCallTask Task => task;

    /// <summary>What the model wrote.</summary>
    public string Written { get; private set; } = "";

    public bool IsRight => Written == task.Call;

    public bool HasRightTool => Written.StartsWith(task.Call[..task.Call.IndexOf(',', StringComparison.Ordinal)], StringComparison.Ordinal);

    public (bool IsJson, bool IsAllowed) Validity => new CallCheck(task.Schema).Of(Written);

    // A grammar is large, and needed from the first token to the last only.
    public Ask First => new(tokens.Encode(task.Request), MostTokens, TaskTokens.End)
    {
        Grammar = vocabulary is null ? null : new GrammarCache(JsonSchema.Parse(task.Schema), vocabulary),
    };

    public Ask? Next(IReadOnlyList<int> answer)
    {
        Written = tokens.Decode(answer);
        return null;
    }
}
