namespace MlPerfEdu.Catalog;

/// <summary>What a student expects of a run. The words are kept and shown as text, and nothing else is done with them.</summary>
public sealed record LabAnswers
{
    public required string Lab { get; init; }
    public required RegimeValue WorkingSet { get; init; }
    public required RegimeValue ArithmeticIntensity { get; init; }
    public required RegimeValue Dispatch { get; init; }
    public required double StepMilliseconds { get; init; }

    /// <summary>The time of a step with twice the batch, over that of a step with the batch.</summary>
    public required double DoubledBatch { get; init; }

    /// <summary>Why, in the student's words.</summary>
    public required string Because { get; init; }
}

/// <summary>Reads a file of answers, and each single answer of a dialogue by the same rules.</summary>
public static class LabAnswersReader
{
    public const string WorkingSet = "working_set";
    public const string ArithmeticIntensity = "arithmetic_intensity";
    public const string Dispatch = "dispatch";
    public const string StepMilliseconds = "step_ms";
    public const string DoubledBatch = "doubled_batch";
    public const string Because = "because";

    public const int LongestReason = 2000;

    /// <summary>The keys in the order in which they are asked for.</summary>
    public static readonly IReadOnlyList<string> Questions = [WorkingSet, ArithmeticIntensity, Dispatch, StepMilliseconds, DoubledBatch, Because];

    static readonly NumberRange Time = new("a number from 0.000001 to 1000000", value => value is >= 1e-6 and <= 1e6);
    static readonly NumberRange Ratio = new("a number from 0.1 to 10", value => value is >= 0.1 and <= 10);

    public static ReadResult<LabAnswers> Read(string path, string lab) => CourseFile.Read(path, ["schema", "lab", .. Questions], file =>
    {
        var named = file.Required("lab").OneOf([lab]);
        return new LabAnswers
        {
            Lab = named,
            WorkingSet = Regime(file, RegimeAxis.WorkingSet, WorkingSet),
            ArithmeticIntensity = Regime(file, RegimeAxis.ArithmeticIntensity, ArithmeticIntensity),
            Dispatch = Regime(file, RegimeAxis.Dispatch, Dispatch),
            StepMilliseconds = file.Required(StepMilliseconds).Number(Time),
            DoubledBatch = file.Required(DoubledBatch).Number(Ratio),
            Because = Reason(file.Required(Because)),
        };
    });

    /// <summary>What may be answered on an axis.</summary>
    public static IReadOnlyList<string> Choices(RegimeAxis axis) =>
        [.. RegimeNames.ValuesOf(axis).Where(value => value != RegimeValue.Unmeasured).Select(value => value.Name())];

    public static double? ReadTime(string text) => ReadNumber(text, Time);

    public static double? ReadRatio(string text) => ReadNumber(text, Ratio);

    public static bool IsReason(string text) =>
        text.Length <= LongestReason && !string.IsNullOrWhiteSpace(text) && !text.Any(letter => char.IsControl(letter) && letter != '\n');

    static double? ReadNumber(string text, NumberRange range) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && range.Holds(value) ? value : null;

    static string Reason(Field field)
    {
        var text = field.Text();
        if (field.Node is YamlScalar { IsNull: false } scalar && !IsReason(text))
            field.Problems.WrongFormat(scalar, field.Name, $"a sentence of at most {LongestReason} characters that says why");
        return text;
    }

    static RegimeValue Regime(Fields file, RegimeAxis axis, string key)
    {
        var choices = Choices(axis);
        var word = file.Required(key).OneOf(choices);
        return choices.Contains(word) ? RegimeNames.Parse(axis, word) : RegimeValue.Unmeasured;
    }
}
