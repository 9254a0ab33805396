using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Workloads.Agent.Answering;
using MlPerfEdu.Workloads.Agent.NanoAgentTrain;

namespace MlPerfEdu.Workloads.Agent.NanoCodegen;

/// <summary>Writes a small function for a problem, has its tests run, and tries again with the reason in front of it where one fails.</summary>
[Workload("nano-codegen-agent")]
public sealed class NanoCodegenWorkload(InferenceSetup setup) : AgentWorkload<CodeTask>(setup)
{
    // Of a program for a problem by people, and so many problems: each program is a process.
    const int MostRealTokens = 96, MostRealProblems = 100;

    protected override IDialogue Open(CodeTask task) => NewDialogue(task);

    CodeDialogue NewDialogue(CodeTask task) => new(task, Tokens, Longest);

    public override IReadOnlyDictionary<string, double> Examine(IRunProgress progress, CancellationToken stop)
    {
        List<CodeDialogue> dialogues = [.. Examined.Select(NewDialogue)];
        Hold(dialogues, "problems", progress, stop);
        var nearest = new NearestQuestion<CodeTask>(Learned, Tokens);
        var trivial = Examined.Average(task => Sandbox.Run(nearest.To(task).Program, task.Tests) == Verdict.Passed ? 1 : 0);
        var first = dialogues.Average(dialogue => dialogue.Verdicts[0] == Verdict.Passed ? 1 : 0);
        List<CodeDialogue> solved = [.. dialogues.Where(dialogue => dialogue.Verdicts[^1] == Verdict.Passed)];
        List<CodeDialogue> retried = [.. dialogues.Where(dialogue => dialogue.Verdicts.Count > 1)];
        var verdicts = dialogues.SelectMany(dialogue => dialogue.Verdicts).ToList();
        var metrics = new Dictionary<string, double>
        {
            ["pass_at_1"] = first,
            ["solved"] = (double)solved.Count / dialogues.Count,
            ["nearest_question_pass"] = trivial,
            ["above_nearest_question"] = first - trivial,
            ["iterations_to_correct"] = solved.Select(dialogue => dialogue.Verdicts.Count).DefaultIfEmpty().Average(),
            ["tokens_per_attempt"] = dialogues.Sum(dialogue => dialogue.Written) / (double)verdicts.Count,
            ["context_growth_factor"] = retried.Select(dialogue => dialogue.Growth).DefaultIfEmpty(1).Average(),
            ["attempts_that_threw"] = verdicts.Count(verdict => verdict == Verdict.Threw),
            ["attempts_stopped"] = verdicts.Count(verdict => verdict == Verdict.Stopped),
        };
        if (Real("mbpp-sanitized") is { } files)
        {
            foreach (var (name, count) in Mbpp([.. MlPerfEdu.Data.Mbpp.Load(files).Test.Take(MostRealProblems)], progress, stop)) metrics[$"mbpp_{name}"] = count;
        }
        return metrics;
    }

    // Counts: it has learned no Python, and what it writes is run all the same.
    Dictionary<string, double> Mbpp(IReadOnlyList<PythonProblem> problems, IRunProgress progress, CancellationToken stop)
    {
        var (sandbox, whyNot) = PythonSandbox.Open();
        if (sandbox is null)
        {
            progress.Report("examining", 1, $"problems of MBPP not available: {whyNot}");
            return new() { ["asked"] = 0 };
        }
        var answers = AnswersTo(problems.Select(problem => CodeTask.RequestOf($"{problem.Text} {problem.Tests[^1]}")), MostRealTokens, "problems of MBPP", progress, stop);
        var verdicts = new List<Verdict>();
        foreach (var (problem, answer) in problems.Zip(answers).Where(pair => pair.Second is not null))
        {
            stop.ThrowIfCancellationRequested();
            progress.Report("examining", (double)verdicts.Count / problems.Count, $"programs of MBPP, {verdicts.Count} of {problems.Count}");
            verdicts.Add(sandbox.Run(answer!, problem.Tests));
        }
        return new()
        {
            ["asked"] = problems.Count,
            ["too_long"] = answers.Count(answer => answer is null),
            ["threw"] = verdicts.Count(verdict => verdict == Verdict.Threw),
            ["stopped"] = verdicts.Count(verdict => verdict == Verdict.Stopped),
            ["passed"] = verdicts.Count(verdict => verdict == Verdict.Passed),
        };
    }
}

/// <summary>One problem and the attempts at it.</summary>
/// <param name="longest">The most tokens of a prompt and its answer.</param>
sealed class CodeDialogue(CodeTask task, TaskTokens tokens, int longest) : IDialogue
{
    const int MostAttempts = 3, MostTokens = 40;

    readonly List<int> all = tokens.Encode(task.Request);

    public List<Verdict> Verdicts { get; } = [];

    /// <summary>Tokens of all attempts.</summary>
    public int Written { get; private set; }

    /// <summary>How many times the first prompt the last one was.</summary>
    public double Growth { get; private set; } = 1;

    public Ask First => Question();

    Ask Question() => new([.. all], MostTokens, TaskTokens.End);

    public Ask? Next(IReadOnlyList<int> answer)
    {
        var verdict = Sandbox.Run(tokens.Decode(answer), task.Tests);
        Verdicts.Add(verdict);
        Written += answer.Count;
        if (verdict == Verdict.Passed || Verdicts.Count == MostAttempts) return null;
        var first = First.Prompt.Count / Growth;
        all.AddRange([.. answer, .. tokens.Encode(CodeTask.Retry(Reason(verdict)))]);
        if (all.Count + MostTokens > longest) return null;
        Growth = all.Count / first;
        return Question();
    }

    static CodeFailure Reason(Verdict verdict) => verdict switch
    {
        Verdict.Threw => CodeFailure.Threw,
        Verdict.Stopped => CodeFailure.Stopped,
        _ => CodeFailure.WrongValue,
    };
}
