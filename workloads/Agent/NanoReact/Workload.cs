using System.Diagnostics;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Workloads.Agent.Answering;
using MlPerfEdu.Workloads.Agent.NanoAgentTrain;

namespace MlPerfEdu.Workloads.Agent.NanoReact;

/// <summary>Thinks, acts and observes: what the model writes calls a tool, and what the tool finds is what the model reads next.</summary>
[Workload("nano-react-agent")]
public sealed class NanoReactWorkload(InferenceSetup setup) : AgentWorkload<ReactTask>(setup)
{
    // For times: a batch would hide them.
    const int Alone = 20;

    protected override IDialogue Open(ReactTask task) => NewDialogue(task);

    ReactDialogue NewDialogue(ReactTask task) => new(task, Tokens, Longest);

    public override IReadOnlyDictionary<string, double> Examine(IRunProgress progress, CancellationToken stop)
    {
        List<ReactDialogue> dialogues = [.. Examined.Select(NewDialogue)];
        Hold(dialogues, "chains of tools", progress, stop);
        var nearest = new NearestQuestion<ReactTask>(Learned, Tokens);
        var calls = Examined.SelectMany(ReactDialogue.Expected).ToList();
        var step = MillisecondsAlone(Examined.Take(Alone).Select(NewDialogue), stop);
        var right = dialogues.Average(dialogue => dialogue.IsRight ? 1 : 0);
        var trivial = Examined.Average(task => ReactDialogue.Expected(nearest.To(task)).SequenceEqual(ReactDialogue.Expected(task)) ? 1 : 0);
        return new Dictionary<string, double>
        {
            ["trace_accuracy"] = right,
            ["answer_accuracy"] = dialogues.Average(dialogue => dialogue.HasRightAnswer ? 1 : 0),
            ["nearest_question_accuracy"] = trivial,
            ["above_nearest_question"] = right - trivial,
            ["commonest_tool_share"] = (double)calls.CountBy(call => call[..call.IndexOf('(', StringComparison.Ordinal)]).Max(pair => pair.Value) / calls.Count,
            ["tool_accuracy"] = dialogues.Average(dialogue => dialogue.RightTools),
            ["steps_to_answer"] = dialogues.Average(dialogue => dialogue.Calls.Count),
            ["reasoning_latency_per_step_ms"] = step,
            ["tool_dispatch_latency_ms"] = dialogues.Sum(dialogue => dialogue.ToolTime.TotalMilliseconds) / dialogues.Sum(dialogue => dialogue.Calls.Count),
        };
    }
}

/// <summary>One chain. Every step is a question to the model, which reads all that was written and seen before.</summary>
sealed class ReactDialogue : IDialogue
{
    // More than any chain has.
    const int MostSteps = 8, MostTokens = 24;

    readonly ReactTask task;
    readonly TaskTokens tokens;
    readonly Tools tools;
    readonly int longest;
    readonly List<int> all;

    /// <param name="longest">The most tokens of a prompt and its answer.</param>
    public ReactDialogue(ReactTask task, TaskTokens tokens, int longest)
    {
        (this.task, this.tokens, this.longest) = (task, tokens, longest);
        tools = new Tools(task.Facts);
        all = tokens.Encode(task.Request);
    }

    /// <summary>What the model called, with the answer as the last.</summary>
    public List<string> Calls { get; } = [];

    public TimeSpan ToolTime { get; private set; }

    public bool IsRight => Calls.SequenceEqual(Expected(task));

    public bool HasRightAnswer => Calls.Count > 0 && Calls[^1] == Expected(task)[^1];

    /// <summary>The share of the expected calls whose tool was called at their place.</summary>
    public double RightTools => Expected(task).Index().Average(call => call.Index < Calls.Count && Tool(Calls[call.Index]) == Tool(call.Item) ? 1 : 0);

    static string Tool(string call) => call.Split('(')[0];

    public static List<string> Expected(ReactTask task) =>
        [.. task.Turns.Where(turn => turn.IsWritten).Select(turn => ToolCall.Read(turn.Text.TrimEnd(')'))!.ToString())];

    public Ask First => Question();

    Ask Question() => new([.. all], MostTokens, tokens.Encode(")")[0]);

    public Ask? Next(IReadOnlyList<int> answer)
    {
        if (ToolCall.Read(tokens.Decode(answer)) is not { } call) return null;
        Calls.Add(call.ToString());
        if (call.IsAnswer || Calls.Count == MostSteps) return null;
        var began = Stopwatch.GetTimestamp();
        var found = tools.Run(call);
        ToolTime += Stopwatch.GetElapsedTime(began);
        all.AddRange([.. answer, .. tokens.Encode(")"), .. tokens.Encode($"\nsee: {found}\n")]);
        return all.Count + MostTokens <= longest ? Question() : null;
    }
}
