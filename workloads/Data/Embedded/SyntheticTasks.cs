namespace MlPerfEdu.Data;

/// <summary>Conversations of three agents in turn: chains of tools, calls of tools, small programs. Structures that are examined are never learned from.</summary>
public static class SyntheticTasks
{
    const double Retried = 0.15;

    [Reads("synthetic-tasks")]
    public static TaskDataSet Load(DataResolution data) => Generators.Checked(data, Generate(GeneratorSettings.Of(data)));

    public static TaskDataSet Generate(GeneratorSettings settings)
    {
        var train = Split(0, settings.Train, (_, _) => Examination.Trained);
        var known = train.OfType<ToolCallTask>().Select(task => task.Call).ToHashSet(StringComparer.Ordinal);
        var test = Split(1, settings.Test, (kind, turn) => kind == 1 && turn % 2 == 0 ? Examination.NewValues : Examination.NewStructure);
        // A call with new values may be one that was learned, by chance.
        return new(train, [.. test.Where(task => task is not ToolCallTask call || !known.Contains(call.Call))], settings.Provenance());

        AgentTask[] Split(int split, int count, Func<int, int, Examination> examination)
        {
            var tasks = new AgentTask[count];
            Parallel.For(0, count, settings.Parallel, i =>
            {
                var random = Xoshiro.ForSample(settings.Seed, split, i);
                tasks[i] = Create(i % 3, examination(i % 3, i / 3), isTrained: split == 0, ref random);
            });
            return tasks;
        }
    }

    static AgentTask Create(int kind, Examination examination, bool isTrained, ref Xoshiro random) => kind switch
    {
        0 => ReactTasks.Create(examination, ref random),
        1 => ToolCallTasks.Create(examination, ref random),
        _ => CodeTasks.Create(examination, retried: isTrained && random.Chance(Retried), ref random),
    };
}
