namespace MlPerfEdu.Labs;

/// <summary>A file as the verifier found it: evidence that can be trusted as far as the verifier goes, or why it earns nothing.</summary>
public sealed record CheckedFile(EvidenceRecord? Record, string? Finding);

/// <summary>A file that was handed in.</summary>
/// <param name="Name">Its path below the folder of the submission, with forward slashes.</param>
/// <param name="Record">Present exactly where <paramref name="Why"/> is absent.</param>
/// <param name="Why">Why it earns nothing.</param>
public sealed record HandedIn(string Name, EvidenceRecord? Record, string? Why)
{
    public HandedIn Refused(string why) => new(Name, null, why);
}

/// <summary>What one student, or one group, handed in.</summary>
public sealed record Submission(string Student, IReadOnlyList<HandedIn> Files);

/// <summary>Finds the sidecars of submissions and has each verified. Links are not followed: they would lead out of a submission.</summary>
/// <param name="verify">The verifier, and the only way that evidence gets in.</param>
public sealed class SubmissionReader(Func<string, CheckedFile> verify)
{
    const string Ending = ".json";

    /// <summary>Forty times the largest sidecar there is.</summary>
    const long MostBytes = 10 << 20;

    /// <summary>A course has a few labs, and each a few tries.</summary>
    const int MostFiles = 200;

    static readonly EnumerationOptions HereOnly = new() { AttributesToSkip = FileAttributes.ReparsePoint, MatchCasing = MatchCasing.CaseInsensitive };
    static readonly EnumerationOptions Below = new()
        { AttributesToSkip = FileAttributes.ReparsePoint, MatchCasing = MatchCasing.CaseInsensitive, RecurseSubdirectories = true };

    /// <summary>One submission for each folder in this one; the folder itself is the only one where it holds sidecars, or no folders.</summary>
    public IReadOnlyList<Submission> ReadAll(string folder)
    {
        var students = Directory.EnumerateDirectories(folder, "*", HereOnly).Order(StringComparer.Ordinal).ToList();
        return students.Count == 0 || Directory.EnumerateFiles(folder, $"*{Ending}", HereOnly).Any() ? [Read(folder)] : [.. students.Select(Read)];
    }

    /// <summary>Everything in a folder and below it.</summary>
    public Submission Read(string folder)
    {
        var root = new DirectoryInfo(folder);
        var files = root.EnumerateFiles($"*{Ending}", Below).OrderBy(file => file.FullName, StringComparer.Ordinal).ToList();
        var read = files.Take(MostFiles).Select(file => Read(root, file)).ToList();
        if (files.Count > MostFiles)
            read.Add(new($"{files.Count - MostFiles} more files", null, $"a submission has at most {MostFiles} files: hand in the sidecars of the labs only"));
        return new(root.Name, read);
    }

    HandedIn Read(DirectoryInfo root, FileInfo file)
    {
        var name = Path.GetRelativePath(root.FullName, file.FullName).Replace('\\', '/');
        if (file.Length > MostBytes)
            return new(name, null, $"it has {file.Length:N0} bytes, and no sidecar has more than {MostBytes:N0}");
        var found = verify(file.FullName);
        // A student knows the file by its name, and the path is the grader's.
        return new(name, found.Finding is null ? found.Record : null, found.Finding?.Replace(file.FullName, name));
    }
}

/// <summary>The same measurement handed in twice as two: from the reference, by two students, or with other answers.</summary>
static class Copies
{
    /// <summary>The submissions without the files whose samples or losses are also somewhere else.</summary>
    public static IReadOnlyList<Submission> Refuse(IReadOnlyList<Submission> submissions, IEnumerable<EvidenceRecord> references)
    {
        var places = new Dictionary<string, HashSet<Place>>();
        foreach (var reference in references)
            Add(new("the reference", reference.ContentSha256), reference);
        foreach (var (submission, file) in submissions.SelectMany(submission => submission.Files, (submission, file) => (submission, file)))
        {
            if (file.Record is { } record)
                Add(new(submission.Student, record.ContentSha256), record);
        }
        return [.. submissions.Select(submission => submission with { Files = [.. submission.Files.Select(file => Refuse(submission, file))] })];

        void Add(Place place, EvidenceRecord record)
        {
            foreach (var mark in Marks(record))
                (places.TryGetValue(mark, out var known) ? known : places[mark] = []).Add(place);
        }

        HandedIn Refuse(Submission submission, HandedIn file)
        {
            if (file.Record is not { } record)
                return file;
            var here = new Place(submission.Student, record.ContentSha256);
            var other = Marks(record).SelectMany(mark => places[mark]).FirstOrDefault(place => place != here);
            return other is null ? file : file.Refused(
                $"its samples or losses are those of another file, in the evidence of {(other.Owner == submission.Student ? "the same student" : other.Owner)}: " +
                "a run is measured once; ask the teaching assistant if you did not copy it");
        }
    }

    // Two runs never take the same nanoseconds, and two predictions never the same seed.
    static IEnumerable<string> Marks(EvidenceRecord record)
    {
        if (record.Measurement.StepSeconds.Count > 0)
            yield return "samples " + string.Join(' ', record.Measurement.StepSeconds.Select(step => step.ToString("R")));
        if (record.Prediction is not null)
            yield return "losses " + record.TrajectorySha256;
    }

    sealed record Place(string Owner, string ContentSha256);
}
