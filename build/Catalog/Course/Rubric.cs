namespace MlPerfEdu.Catalog;

/// <summary>How many points a course gives for what.</summary>
public sealed record Rubric(string Course, IReadOnlyList<LabRubric> Labs)
{
    public int Points => Labs.Sum(lab => lab.Points);
}

/// <summary>The criteria of one lab; a criterion that the course leaves out is absent.</summary>
public sealed record LabRubric
{
    public required Lab Lab { get; init; }

    /// <summary>For every target of the workload, and every other condition of the run.</summary>
    public int? Target { get; init; }

    /// <summary>For the regime that was predicted, a third for each axis.</summary>
    public int? Regime { get; init; }

    /// <summary>For the step time over that of the reference of the same machine class.</summary>
    public GradedFactor? Speed { get; init; }

    /// <summary>For the predicted step time over the measured one, or the other way round.</summary>
    public GradedFactor? StepTime { get; init; }

    /// <summary>The same for the step time of twice the batch, over that of the batch.</summary>
    public GradedFactor? DoubledBatch { get; init; }

    public int Points => (Target ?? 0) + (Regime ?? 0) + (Speed?.Points ?? 0) + (StepTime?.Points ?? 0) + (DoubledBatch?.Points ?? 0);
}

/// <summary>Points for a factor: all up to one value, none from another on, and in between fewer the larger it is.</summary>
public sealed record GradedFactor(int Points, double FullUpTo, double NoneFrom)
{
    /// <summary>Whole points, never rounded up; none for what is not a number.</summary>
    public int For(double factor) => !(factor < NoneFrom) ? 0
        : factor <= FullUpTo ? Points
        : (int)Math.Floor(Points * Math.Log(NoneFrom / factor) / Math.Log(NoneFrom / FullUpTo));
}

/// <summary>Reads a course's grading.yaml.</summary>
public static class RubricReader
{
    const int MostPoints = 1000;

    static readonly NumberRange Points = NumberRange.Between(1, MostPoints);
    static readonly NumberRange Factor = new("a number at least 1 and at most 1000", value => value is >= 1 and <= 1000);

    public static ReadResult<Rubric> Read(string path, IReadOnlyList<Lab> labs) => CourseFile.Read(path, ["schema", "course", "labs"], file =>
    {
        var course = file.Required("course").Line();
        var graded = new List<LabRubric>();
        var field = file.Required("labs");
        foreach (var pair in field.Pairs("a mapping from ids of labs.yaml to their points"))
        {
            var id = new Field(pair.Key, "a lab of the rubric", field.Problems).OneOf([.. labs.Select(lab => lab.Id)]);
            var lab = labs.FirstOrDefault(lab => lab.Id == id);
            var rubric = ReadLab(pair, field.Problems, lab);
            if (rubric is not null)
                graded.Add(rubric);
        }
        if (graded.Count == 0 && field.Node is YamlMapping { IsIncomplete: false, Pairs.Count: 0 })
            field.Problems.EmptyList(field.Node.Start, field.Name);
        return new Rubric(course, graded);
    });

    static LabRubric? ReadLab(YamlPair pair, Problems problems, Lab? lab)
    {
        var fields = new Fields(pair.Value, $"lab {Quoted.Of(pair.Key.Text)}", ["target", "regime", "speed", "step_time", "doubled_batch"], problems);
        var (target, regime) = (ReadPoints(fields, "target"), ReadPoints(fields, "regime"));
        var (speed, time, doubled) = (ReadFactor(fields, "speed"), ReadFactor(fields, "step_time"), ReadFactor(fields, "doubled_batch"));
        if (fields.Mapping is { IsIncomplete: false, Pairs.Count: 0 })
            problems.EmptyList(pair.Value.Start, fields.Owner);
        return lab is null ? null : new() { Lab = lab, Target = target, Regime = regime, Speed = speed, StepTime = time, DoubledBatch = doubled };
    }

    static int? ReadPoints(Fields lab, string key) =>
        lab.Optional(key)?.Fields($"'{key}' of {lab.Owner}", ["points"]).Required("points") is { } points ? (int)points.Whole(Points) : null;

    static GradedFactor? ReadFactor(Fields lab, string key)
    {
        if (lab.Optional(key) is not { } field)
            return null;
        var fields = field.Fields($"'{key}' of {lab.Owner}", ["points", "full_up_to", "none_from"]);
        var (full, none) = (fields.Required("full_up_to"), fields.Required("none_from"));
        var factor = new GradedFactor((int)fields.Required("points").Whole(Points), full.Number(Factor), none.Number(Factor));
        if (factor is { FullUpTo: > 0, NoneFrom: > 0 } && factor.FullUpTo >= factor.NoneFrom)
            field.Problems.ThresholdOrder(full.Node.Start, "full_up_to", factor.FullUpTo, "none_from", factor.NoneFrom);
        return factor;
    }
}
