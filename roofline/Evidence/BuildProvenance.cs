using System.Security.Cryptography;
using System.Text.Json;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>
/// What a build provenance says about files: the in-toto statements in a file of Sigstore bundles. Only digests are compared here. Who signed,
/// and whether the signature is right, needs the keys of the platform.
/// </summary>
public sealed class BuildProvenance
{
    /// <summary>Said wherever digests were compared.</summary>
    public const string NotChecked =
        "Not checked: the signature, who signed (the identity in the certificate), and the transparency log. " +
        "`gh attestation verify SIDECAR --repo OWNER/REPOSITORY` checks these.";

    const string PayloadType = "application/vnd.in-toto+json";
    const string BundleType = "application/vnd.dev.sigstore.bundle";
    const string StatementType = "https://in-toto.io/Statement/";
    const string PredicateType = "https://slsa.dev/provenance/";
    const string Sha256 = "sha256";

    /// <summary>Of a thousand subjects in a bundle; the platform allows 1,024.</summary>
    const long MostBytes = 16 << 20;

    readonly string path;
    readonly Dictionary<string, string> subjects = new(StringComparer.Ordinal);

    BuildProvenance(string path) => this.path = path;

    /// <summary>The names of the subjects by their SHA-256.</summary>
    public IReadOnlyDictionary<string, string> Subjects => subjects;

    /// <summary>The workflows that the statements name, as they state it.</summary>
    public SortedSet<string> Claims { get; } = new(StringComparer.Ordinal);

    /// <summary>The statements of a file; a finding for each bundle that is none.</summary>
    public static (BuildProvenance Provenance, IReadOnlyList<EvidenceFinding> Findings) Read(string path)
    {
        var provenance = new BuildProvenance(path);
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes and var length })
                return (provenance, [EvidenceFindings.NotABundle(path, $"{length:N0} bytes, more than any bundle has")]);
            return (provenance, [.. provenance.Add(File.ReadAllBytes(path))]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (provenance, [EvidenceFindings.NotABundle(path, error.Message)]);
        }
    }

    /// <summary>Whether a file is one of the subjects, to the last byte.</summary>
    public EvidenceFinding? Check(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (subjects.ContainsKey(sha256))
                return null;
            var name = Path.GetFileName(file);
            var named = subjects.FirstOrDefault(subject => subject.Value.Split('/')[^1] == name).Key;
            return EvidenceFindings.NotASubject(file, sha256, path, named);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return EvidenceFindings.Unreadable(file, error.Message);
        }
    }

    // One bundle, or one a line.
    List<EvidenceFinding> Add(byte[] bytes)
    {
        var findings = new List<EvidenceFinding>();
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
            {
                using var bundle = JsonDocument.ParseValue(ref reader);
                if (Add(bundle.RootElement) is { } problem)
                    findings.Add(problem);
            }
            if (findings.Count == 0 && subjects.Count == 0)
                findings.Add(EvidenceFindings.NotABundle(path, "nothing"));
        }
        catch (JsonException broken)
        {
            findings.Add(EvidenceFindings.NotABundle(path, $"text that is not JSON ({broken.Message})"));
        }
        return findings;
    }

    EvidenceFinding? Add(JsonElement bundle)
    {
        if (Text(bundle, "mediaType") is not { } media || !media.StartsWith(BundleType, StringComparison.Ordinal))
            return EvidenceFindings.NotABundle(path, $"the media type {Text(bundle, "mediaType") ?? "(none)"}");
        if (Member(bundle, "dsseEnvelope") is not { } envelope)
            return EvidenceFindings.NotABundle(path, "a bundle without a DSSE envelope");
        if (Text(envelope, "payloadType") is not PayloadType)
            return EvidenceFindings.OtherPayload(path, $"the payload type {Text(envelope, "payloadType") ?? "(none)"}", PayloadType);
        try
        {
            // The same key twice would be read one way here and another way there.
            using var statement = JsonDocument.Parse(Convert.FromBase64String(Text(envelope, "payload") ?? ""), new() { AllowDuplicateProperties = false });
            return AddStatement(statement.RootElement);
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return EvidenceFindings.OtherPayload(path, "a payload that is not JSON in base64", "an in-toto statement");
        }
    }

    EvidenceFinding? AddStatement(JsonElement statement)
    {
        if (Text(statement, "_type")?.StartsWith(StatementType, StringComparison.Ordinal) is not true)
            return EvidenceFindings.OtherPayload(path, $"the statement type {Text(statement, "_type") ?? "(none)"}", $"{StatementType}v1");
        if (Text(statement, "predicateType")?.StartsWith(PredicateType, StringComparison.Ordinal) is not true)
            return EvidenceFindings.OtherPayload(path, $"the predicate type {Text(statement, "predicateType") ?? "(none)"}", $"{PredicateType}v1");
        var found = 0;
        foreach (var subject in Member(statement, "subject") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default)
        {
            if (Member(subject, "digest") is not { } digest || Text(digest, Sha256) is not { Length: 64 } sha256 || !sha256.All(char.IsAsciiHexDigit))
                return EvidenceFindings.NoSubject(path, "a subject without a SHA-256");
            subjects[sha256.ToLowerInvariant()] = Text(subject, "name") ?? "";
            found++;
        }
        if (found == 0)
            return EvidenceFindings.NoSubject(path, "no subject");
        if (Workflow(statement) is { } claim)
            Claims.Add(claim);
        return null;
    }

    static string? Workflow(JsonElement statement)
    {
        JsonElement? at = statement;
        foreach (var key in (string[])["predicate", "buildDefinition", "externalParameters", "workflow"])
            at = at is { } element ? Member(element, key) : null;
        return at is { } workflow && Text(workflow, "repository") is { } repository
            ? $"{Text(workflow, "path") ?? "a workflow"} of {repository} at {Text(workflow, "ref") ?? "an unknown revision"}"
            : null;
    }

    static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
