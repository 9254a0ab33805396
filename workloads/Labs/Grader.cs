using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Labs;

/// <summary>One line of a student's result. A file that earns nothing is a line with no points to earn.</summary>
/// <param name="Part">The lab, or the name of the file.</param>
/// <param name="Review">Whether a person should look at it.</param>
public sealed record GradeRow(string Part, string Criterion, int Points, int Most, string Feedback, bool Review = false)
{
    public const string Refused = "file refused";
}

public sealed record Grade(string Student, IReadOnlyList<GradeRow> Rows)
{
    public int Points => Rows.Sum(row => row.Points);
    public int Most => Rows.Sum(row => row.Most);
}

/// <summary>Gives points to verified evidence by a course's rubric.</summary>
/// <param name="references">The committed evidence: speed is compared with that of the same workload and machine class.</param>
public sealed class Grader(Rubric rubric, RegimeThresholds thresholds, IReadOnlyList<EvidenceRecord> references)
{
    public IReadOnlyList<Grade> Grade(IReadOnlyList<Submission> submissions) => [.. Copies.Refuse(submissions, references).Select(Grade)];

    Grade Grade(Submission submission)
    {
        var checkedFiles = submission.Files.Select(Fitting).ToList();
        var rows = rubric.Labs.SelectMany(lab => Grade(lab, checkedFiles));
        var refused = checkedFiles.Where(file => file.Why is not null)
            .Select(file => new GradeRow(file.Name, GradeRow.Refused, 0, 0, $"It earns nothing: {file.Why}", Review: true));
        return new(submission.Student, [.. rows, .. refused]);
    }

    /// <summary>The file, refused where it was made under other rules than the course's.</summary>
    HandedIn Fitting(HandedIn file) =>
        file.Record is { Prediction: { } prediction } record
        && rubric.Labs.FirstOrDefault(lab => lab.Lab.Id == prediction.Lab) is { } lab
        && OtherRules(lab.Lab.Workload, record) is { } why ? file.Refused(why) : file;

    string? OtherRules(WorkloadEntry entry, EvidenceRecord record)
    {
        if (record.Workload.Id != entry.Id)
            return $"found a run of {record.Workload.Id}, and the lab is about {entry.Id}; run the lab as it is";
        if (record.Workload.EntrySha256 != entry.Sha256)
            return $"found a run by another entry of {entry.Id} than the course's workloads.yaml has; update the clone, undo changes to it, and run the lab again";
        if (record.Thresholds != thresholds || record.Measurement.Confidence != StepMeasurement.DefaultConfidence)
            return "found other thresholds of the regimes, or another confidence, than the course's; undo the change and run the lab again";
        if (!entry.Data.Any(choice => IsOf(choice, record)))
            return $"found the data {record.Data.Dataset} ({record.Data.Tier}), which {entry.Id} does not have in the course's workloads.yaml";
        var reference = references.FirstOrDefault(reference =>
            reference.Workload == record.Workload && reference.Data.Dataset == record.Data.Dataset && reference.Count.Batch == record.Count.Batch);
        return reference is null || Sums(reference.Count) == Sums(record.Count) ? null
            : "found other counts of FLOP, bytes or calls than the reference has for the same model, data and batch; undo changes to the code";
    }

    static (long, long, long, long) Sums(StepCount count) => (count.Parameters, count.Flops, count.Bytes, count.UniqueBytes);

    static bool IsOf(DataChoice choice, EvidenceRecord record) => choice.Dataset == record.Data.Dataset && choice.Tier == record.Data.Tier;

    IEnumerable<GradeRow> Grade(LabRubric lab, IReadOnlyList<HandedIn> files)
    {
        List<EvidenceRecord> runs =
            [.. files.Select(file => file.Record).OfType<EvidenceRecord>().Where(record => record.Prediction?.Lab == lab.Lab.Id)
                .OrderBy(record => record.MeasuredAt, StringComparer.Ordinal).ThenBy(record => record.ContentSha256, StringComparer.Ordinal)];
        var none = files.Any(file => file.Record?.Workload.Id == lab.Lab.Workload.Id)
            ? $"There is a run of {lab.Lab.Workload.Id} without answers that were given before it: run `mlperfedu lab {lab.Lab.Id}` and hand in its sidecar."
            : $"No evidence of this lab that counts: run `mlperfedu lab {lab.Lab.Id}` and hand in its sidecar.";

        // Later answers have seen the result of the first run: only the first ones are a prediction.
        if (lab.Target is { } target)
            yield return BestOf("target", target, record => Criteria.Target(lab.Lab.Workload, record, target));
        if (lab.Speed is { } speed)
            yield return BestOf("speed", speed.Points, record => Criteria.Speed(record, ReferenceOf(record), speed));
        if (lab.Regime is { } regime)
            yield return OfFirst("regime", regime, record => Criteria.Regime(record, regime));
        if (lab.StepTime is { } time)
            yield return OfFirst("step time", time.Points, record => Criteria.StepTime(record, time));
        if (lab.DoubledBatch is { } doubled)
            yield return OfFirst("doubled batch", doubled.Points, record => Criteria.DoubledBatch(record, doubled));

        GradeRow BestOf(string criterion, int most, Func<EvidenceRecord, Earned> judge) => Row(criterion, most, runs.Select(judge).MaxBy(earned => earned.Points));
        GradeRow OfFirst(string criterion, int most, Func<EvidenceRecord, Earned> judge) => Row(criterion, most, runs.Take(1).Select(judge).FirstOrDefault());
        GradeRow Row(string criterion, int most, Earned? earned) => earned is null
            ? new(lab.Lab.Id, criterion, 0, most, none)
            : new(lab.Lab.Id, criterion, Math.Clamp(earned.Points, 0, most), most, earned.Feedback, earned.Review);
    }

    EvidenceRecord? ReferenceOf(EvidenceRecord record) => references
        .Where(reference => reference.Workload.Id == record.Workload.Id && reference.Machine.Class == record.Machine.Class)
        .MaxBy(reference => reference.MeasuredAt, StringComparer.Ordinal);
}
