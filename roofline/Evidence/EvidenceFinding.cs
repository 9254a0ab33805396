namespace MlPerfEdu.Roofline.Evidence;

/// <param name="Code">Stable; listed in roofline/README.md.</param>
/// <param name="Message">What was found, what was expected, what to do.</param>
public sealed record EvidenceFinding(string Code, string Message)
{
    /// <summary>The path of the field in question, such as quality.target.value; empty when it is the whole file.</summary>
    public string Field { get; init; } = "";

    /// <summary>Whether the text or a hash is wrong, so that nothing in the file counts.</summary>
    public bool BreaksSeal { get; init; }

    public override string ToString() => $"{Code}: {Message}";
}

public sealed class EvidenceException(string path, IReadOnlyList<EvidenceFinding> findings)
    : Exception($"{path} is not trustworthy:{Environment.NewLine}{string.Join(Environment.NewLine, findings)}")
{
    public IReadOnlyList<EvidenceFinding> Findings { get; } = findings;
}

/// <summary>One method per finding, one code per method; codes are never reused.</summary>
static class EvidenceFindings
{
    const string Remedy = "Restore the file from where it was committed, or measure again.";

    public static EvidenceFinding Unreadable(string path, string why) =>
        Broken("MLP3001", "", $"{path} cannot be read: {why} Give the path of a sidecar.");

    public static EvidenceFinding NotEvidence(string path, int schema, string why) =>
        Broken("MLP3002", "", $"{path} is not a sidecar of schema {schema}: {why} {Remedy}");

    /// <param name="differences">The fields that differ; none when only the spelling does.</param>
    public static IEnumerable<EvidenceFinding> NotCanonical(string path, int offset, IReadOnlyList<FieldDifference> differences)
    {
        const int MostNamed = 10;
        yield return Broken("MLP3003", Field(0), $"{path} differs from its canonical text at byte {offset}{Text(0)}: it was edited or damaged. {Remedy}");
        for (var next = 1; next < Math.Min(differences.Count, MostNamed); next++)
            yield return Broken("MLP3003", Field(next), $"{path} also differs from its canonical text{Text(next)}. {Remedy}");

        string Field(int index) => differences.ElementAtOrDefault(index)?.Field ?? "";
        string Text(int index) => differences.ElementAtOrDefault(index) is { } one ? $" ({one.Field}: found {one.Found}, expected {one.Expected})" : "";
    }

    public static EvidenceFinding Schema(string path, int found, int known) =>
        Broken("MLP3004", "schema", $"{path} has schema {found}; this program knows {known}. Use the program that wrote it, or measure again.");

    public static EvidenceFinding ContentHash(string path, string stated, string found) => Broken(
        "MLP3005", "content_sha256", $"{path} states the content hash {stated}, its content has {found}: one of them was changed. {Remedy}");

    public static EvidenceFinding Name(string path, string expected) => Broken(
        "MLP3006", "", $"{path} should be called {expected}, from its workload, time and content hash. Rename it, or restore its content.");

    public static EvidenceFinding Pinned(string path, string stated, string found) => Broken(
        "MLP3007", "content_sha256",
        $"workloads.yaml pins the content hash {stated} for {path}, its content has {found}. Restore the file, or accept the new one.");

    public static EvidenceFinding Machine(string path, string field, string what, string stated, string derived) =>
        new("MLP3008", $"{path} states the {what} {stated}, its facts give {derived}. {Remedy}") { Field = field };

    public static EvidenceFinding PeaksHash(string path, string stated, string found) => Broken(
        "MLP3009", "peaks.content_sha256", $"The peaks in {path} state the content hash {stated}, they have {found}. {Remedy}");

    public static EvidenceFinding Regime(string path, string axis, string stated, string derived) =>
        new("MLP3010", $"{path} states for {axis}: {stated}. Its samples and counts give: {derived}. {Remedy}") { Field = $"regimes.{axis}" };

    public static EvidenceFinding Roof(string path, string problem) =>
        new("MLP3011", $"{path} has a point above its roof. {problem}") { Field = "measurement.rounds" };

    public static EvidenceFinding Validity(string path, string field, string constraint) =>
        new("MLP3012", $"{path} states '{constraint}', which its own target, constraints and budget contradict. {Remedy}") { Field = field };

    public static EvidenceFinding Metric(string path, string metric, double stated, double derived) =>
        new("MLP3013", $"{path} states {metric} {stated}; its points give {derived}. {Remedy}") { Field = $"metrics.{metric}" };

    public static EvidenceFinding GemmShares(string path, string stated, string derived) =>
        new("MLP3014", $"{path} states for its matrix products: {stated}. Its samples give: {derived}. {Remedy}") { Field = "gemm_shares" };

    public static EvidenceFinding Precision(string path, string stated, string derived) =>
        new("MLP3016", $"{path} states of its products: {stated}. Its settings, machine and counts give: {derived}. {Remedy}") { Field = "settings.precision.used" };

    public static EvidenceFinding Prediction(string path, string stated, string expected) =>
        new("MLP3030", $"{path} states {stated} of its prediction; expected {expected}. {Remedy}");

    public static EvidenceFinding NotABundle(string path, string found) =>
        new("MLP3031", $"{path}: found {found}. Expected Sigstore bundles, as the workflow or `gh attestation download` writes them. Name such a file.");

    public static EvidenceFinding OtherPayload(string path, string found, string expected) =>
        new("MLP3032", $"{path}: found {found}. Expected {expected}. Name a build provenance: another statement says nothing about where files come from.");

    public static EvidenceFinding NoSubject(string path, string found) =>
        new("MLP3033", $"{path}: found {found}. Expected a digest for each file. Have the files attested again.");

    public static EvidenceFinding NotASubject(string file, string sha256, string path, string? named) =>
        new("MLP3034", $"{file} has SHA-256 {sha256}, " +
            (named is null ? $"which {path} does not name. " : $"and {path} names {named} for a file of this name. ") +
            "Take the file as the workflow wrote it, or the provenance of this one.");

    public static EvidenceFinding Figure(string path, string field, string stated, string derived) =>
        new("MLP3015", $"{path} states of its answers: {stated}. Their times give: {derived}. {Remedy}") { Field = field };

    static EvidenceFinding Broken(string code, string field, string message) => new(code, message) { Field = field, BreaksSeal = true };
}

/// <summary>The findings of fields that were derived again; whoever knows what they follow from makes them.</summary>
public static class FieldFindings
{
    /// <param name="source">What the field follows from, as in "from its entry in workloads.yaml".</param>
    public static EvidenceFinding Derived(string path, FieldDifference field, string source) =>
        new("MLP3017", $"{path}, {field.Field}: found {field.Found} → expected {field.Expected}, {source} → restore the file, or run again.")
            { Field = field.Field };

    /// <param name="expected">What is possible at all.</param>
    public static EvidenceFinding Impossible(string path, string field, string found, string expected) =>
        new("MLP3018", $"{path}, {field}: found {found} → expected {expected} → restore the file, or measure again.") { Field = field };

    public static EvidenceFinding NotReplayed(string path, FieldDifference field, string how) =>
        new("MLP3019", $"{path}, {field.Field}: found {field.Found} → expected {field.Expected}, which its replay led to ({how}) → "
            + "do not believe the file; where it is your own, say with what it was made, and run again.") { Field = field.Field };
}
