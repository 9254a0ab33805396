namespace MlPerfEdu.Cli.Commands;

/// <summary>Asks for a prediction on the terminal, one question at a time, until each answer can be read.</summary>
sealed class LabDialogue(Lab lab, Invocation invocation)
{
    static readonly (RegimeAxis Axis, string Question)[] Axes =
    [
        (RegimeAxis.WorkingSet, "Where is the memory that one step touches?"),
        (RegimeAxis.ArithmeticIntensity, "Does the step wait for the arithmetic, or for memory?"),
        (RegimeAxis.Dispatch, "Is the machine busy, or does it wait for the next call?"),
    ];

    static string Meaning(string choice) => choice switch
    {
        "cache_resident" => "at most half of the last-level cache",
        "dram_bound" => "four times the last-level cache or more",
        "compute_bound" => "more than twice the FLOP per byte at which the roofs meet",
        "bandwidth_bound" => "less than half of them",
        "device_saturated" => "half of the limiting roof or more is reached",
        "dispatch_bound" => "less than a quarter, because of what each call costs",
        "kernel_bound" => "less than a quarter, and not because of the calls",
        _ => "somewhere between",
    };

    /// <exception cref="CliException">The input ended.</exception>
    public LabAnswers Ask()
    {
        Introduce();
        return new()
        {
            Lab = lab.Id,
            WorkingSet = Choose(RegimeAxis.WorkingSet),
            ArithmeticIntensity = Choose(RegimeAxis.ArithmeticIntensity),
            Dispatch = Choose(RegimeAxis.Dispatch),
            StepMilliseconds = Until("How many milliseconds does one step take? A number, such as 2.5.", LabAnswersReader.ReadTime, "a number of milliseconds, with a point"),
            DoubledBatch = Until(
                "Twice the batch: how many times as long does a step take? 1 is no longer, 2 is twice as long.", LabAnswersReader.ReadRatio, "a number from 0.1 to 10"),
            Because = Until("Why? One sentence.", text => LabAnswersReader.IsReason(text) ? text.Trim() : null, "a sentence"),
        };
    }

    void Introduce()
    {
        var (entry, log) = (lab.Workload, invocation.Log);
        // Without its roofs nobody can estimate anything about a machine; the run needs them, too.
        log.Line("First a look at this machine: half a minute, once.", Tone.Faint);
        var roofs = invocation.Peaks([PeakPart.Roofs]).Peaks;
        log.Line($"{lab.Id}: {lab.Title}");
        log.Line(lab.Think);
        log.Line();
        log.Line($"  workload            {entry.Id}, {entry.Params:N0} parameters, batches of {entry.Recipe.Batch:N0}");
        if (invocation.Evidence.Baseline(entry.Id) is { } known)
            log.Line($"  one step            {Units.Si(known.Count.Flops, "FLOP")}, {Units.Si(known.Count.Bytes, "B")} moved, {Units.Si(known.Count.UniqueBytes, "B")} of them different, {known.Count.OperatorCalls:N0} operator calls");
        Describe(roofs, log);
        log.Line();
        log.Line("Answer before the run: the answers are kept with the evidence, and cannot be given afterwards.");
    }

    static void Describe(MachinePeaks roofs, Screen log)
    {
        if (roofs.LastLevelCache.Bytes is { } cache)
            log.Line($"  last-level cache    {Units.Si(cache.Low, "B")} to {Units.Si(cache.High, "B")}");
        if (roofs.Find(PeakKind.Gemm)?.Best is { } compute && roofs.Find(PeakKind.Triad, MemoryLevels.Memory)?.Best is { } memory)
        {
            log.Line($"  roofs               {Units.Si(compute, "FLOP/s")}, {Units.Si(memory, "B/s")} from memory: they meet at {compute / memory:0.0} FLOP per byte");
            if (roofs.Find(PeakKind.Triad, MemoryLevels.LastLevelCache)?.Best is { } near)
                log.Line($"                      {Units.Si(near, "B/s")} from the last-level cache");
        }
        if (roofs.Find(PeakKind.EmptyOperator)?.Best is { } call)
            log.Line($"  one operator call   {Units.Seconds(call)} at least");
    }

    RegimeValue Choose(RegimeAxis axis)
    {
        var choices = LabAnswersReader.Choices(axis);
        var question = Axes.Single(asked => asked.Axis == axis).Question;
        var list = string.Concat(choices.Select((choice, at) => $"\n  {at + 1}  {choice,-17} {Meaning(choice)}"));
        var word = Until($"{question} A number or a word.{list}", text => Chosen(text.Trim()), $"a number from 1 to {choices.Count}, or one of these words");
        return RegimeNames.Parse(axis, word);

        string? Chosen(string text) =>
            choices.Contains(text) ? text : int.TryParse(text, out var number) && number >= 1 && number <= choices.Count ? choices[number - 1] : null;
    }

    double Until(string question, Func<string, double?> read, string expected) => Until<double?>(question, read, expected)!.Value;

    string Until(string question, Func<string, string?> read, string expected) => Until<string>(question, read, expected)!;

    T? Until<T>(string question, Func<string, T?> read, string expected)
    {
        invocation.Log.Line();
        invocation.Log.Line(question);
        while (invocation.Services.In.ReadLine() is { } text)
        {
            invocation.Stop.ThrowIfCancellationRequested();
            if (read(text) is { } answer)
                return answer;
            invocation.Log.Line($"Found '{text}', expected {expected}.", Tone.Warning);
        }
        throw CliErrors.NoAnswer(lab.Id);
    }

    /// <summary>A file of answers to fill in: as it is, every line that is left open is reported.</summary>
    public static string Blank(Lab lab)
    {
        var text = new StringBuilder($"# {lab.Title}.\n# {lab.Think}\nschema: 1\nlab: {lab.Id}\n");
        foreach (var (axis, question) in Axes)
        {
            text.Append($"\n# {question}\n");
            foreach (var choice in LabAnswersReader.Choices(axis))
                text.Append($"#   {choice,-17} {Meaning(choice)}\n");
            text.Append($"{axis.Name()}:\n");
        }
        return text.Append($"\n# Milliseconds that one step takes.\n{LabAnswersReader.StepMilliseconds}:\n")
            .Append($"\n# How many times as long a step takes with twice the batch: 1 is no longer, 2 is twice as long.\n{LabAnswersReader.DoubledBatch}:\n")
            .Append($"\n# Why? One sentence, in quotes.\n{LabAnswersReader.Because}: \"\"\n").ToString();
    }
}
