namespace MlPerfEdu.Data;

/// <summary>Conversations of three agents in turn: chains of tools, calls of tools, small programs. Structures that are examined are never learned from.</summary>
public static class SyntheticTasks
{
    const double Retried = 0.15;

    [Reads("synthetic-tasks")]
    public static TaskDataSet Load(DataResolution data) => Generators.Checked(data, Generate(GeneratorSettings.Of(data)));

    // Small programs are learned soonest.
    static readonly int[] Learned = [React, ToolCall, React, ToolCall, Code], Tested = [React, ToolCall, Code];

    const int React = 0, ToolCall = 1, Code = 2;

    public static TaskDataSet Generate(GeneratorSettings settings)
    {
        var train = Split(0, settings.Train, i => (Learned[i % Learned.Length], Examination.Trained));
        var known = train.OfType<ToolCallTask>().Select(task => task.Call).ToHashSet(StringComparer.Ordinal);
        var test = Split(1, settings.Test, i => (
            Tested[i % Tested.Length], i % Tested.Length == ToolCall && i % 2 == 0 ? Examination.NewValues : Examination.NewStructure));
        // A call with new values may be one that was learned, by chance.
        return new(train, [.. test.Where(task => task is not ToolCallTask call || !known.Contains(call.Call))], settings.Provenance());

        AgentTask[] Split(int split, int count, Func<int, (int Kind, Examination Examination)> choose)
        {
            var tasks = new AgentTask[count];
            Parallel.For(0, count, settings.Parallel, i =>
            {
                var random = Xoshiro.ForSample(settings.Seed, split, i);
                var (kind, examination) = choose(i);
                tasks[i] = Create(kind, examination, ref random);
            });
            return tasks;
        }
    }

    static AgentTask Create(int kind, Examination examination, ref Xoshiro random) => kind switch
    {
        React => ReactTasks.Create(examination, ref random),
        ToolCall => ToolCallTasks.Create(examination, ref random),
        _ => CodeTasks.Create(examination, retried: examination == Examination.Trained && random.Chance(Retried), ref random),
    };
}
