namespace MlPerfEdu.Data;

/// <summary>Tasks for an agent to learn from, and tasks that only examine it.</summary>
public sealed record TaskDataSet(IReadOnlyList<AgentTask> Train, IReadOnlyList<AgentTask> Test, Provenance Provenance) : DataSet(Provenance), ISamples
{
    static string ISamples.Word => "tasks";

    private protected override void AppendTo(IncrementalHash hash)
    {
        foreach (var task in Train.Concat(Test))
            hash.AppendData(Encoding.UTF8.GetBytes($"{task.Examination}\t{task.Structure}\t{task.Text}\t{task.Checked}\n"));
    }
}

/// <summary>What a task asks about: structures to learn from, or what is new in a task that examines.</summary>
public enum Examination
{
    /// <summary>A structure to learn from.</summary>
    Trained,

    /// <summary>A structure to learn from, with values that it was never seen with.</summary>
    NewValues,

    /// <summary>A structure that no task to learn from has.</summary>
    NewStructure,
}

/// <summary>A piece of a conversation. The model learns what it must write, and only reads the rest.</summary>
public readonly record struct Turn(string Text, bool IsWritten);

/// <summary>One conversation as it should go.</summary>
/// <param name="Structure">What is left of the task without its values: no task to learn from shares it with one of new structure.</param>
/// <param name="Turns">The first is the request.</param>
public abstract record AgentTask(Examination Examination, string Structure, IReadOnlyList<Turn> Turns)
{
    public string Request => Turns[0].Text;

    public string Text => string.Concat(Turns.Select(turn => turn.Text));

    /// <summary>What else an answer is checked with, as text.</summary>
    internal abstract string Checked { get; }
}

/// <summary>A chain of steps, each done by a tool.</summary>
/// <param name="Facts">What a tool that looks something up answers from.</param>
public sealed record ReactTask(Examination Examination, string Structure, IReadOnlyList<Turn> Turns, FactStore Facts) : AgentTask(Examination, Structure, Turns)
{
    internal override string Checked => $"{Facts.Seed}";
}

/// <summary>A request that one of some tools answers, called by JSON.</summary>
/// <param name="Schema">The JSON schema of all calls of these tools.</param>
public sealed record ToolCallTask(Examination Examination, string Structure, IReadOnlyList<Turn> Turns, string Schema)
    : AgentTask(Examination, Structure, Turns)
{
    public string Call => Turns[^1].Text;

    /// <summary>A request in the words that the tasks have.</summary>
    public static string RequestOf(string function, IEnumerable<string> parameters, string question) => ToolCallTasks.RequestOf(function, parameters, question);

    internal override string Checked => Schema;
}

/// <summary>A problem that a small function solves.</summary>
public sealed record CodeTask(Examination Examination, string Structure, IReadOnlyList<Turn> Turns, IReadOnlyList<CodeTest> Tests)
    : AgentTask(Examination, Structure, Turns)
{
    public string Program => Turns[^1].Text;

    /// <summary>A request in the words that the tasks have.</summary>
    public static string RequestOf(string problem) => CodeTasks.RequestOf(problem);

    /// <summary>What is said after an attempt that fails.</summary>
    public static string Retry(CodeFailure failure) => CodeTasks.Retry(failure);

    internal override string Checked => string.Join(' ', Tests);
}

/// <summary>Why an attempt failed.</summary>
public enum CodeFailure
{
    WrongValue,
    Threw,
    Stopped,
}

/// <summary>An argument and the result of a right function, both as JSON.</summary>
public sealed record CodeTest(string Argument, string Result);
