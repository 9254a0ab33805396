using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MlPerfEdu.Workloads.Tests.Cli;

/// <summary>Bundles as the platform writes them, without a signature that anybody could check here.</summary>
public sealed class ProvenanceTests : IDisposable
{
    const string InToto = "application/vnd.in-toto+json";
    const string Slsa = "https://slsa.dev/provenance/v1";

    readonly Clone clone = new();
    readonly string first;
    readonly string second;

    public ProvenanceTests() => (first, second) = (clone.Measured(Clone.First, "2026-01-31T12-00-00Z"), clone.Measured(Clone.Second, "2026-01-31T12-00-00Z"));

    [Fact]
    public void Says_which_files_are_named_and_what_was_not_checked()
    {
        var answer = Verify(Bundle(Statement(first, second)));
        Assert.Equal(0, answer.Exit);
        Assert.Contains("Provenance: 2 of 2 files have a digest that it names.", answer.Out);
        Assert.Contains("It claims that they come from .github/workflows/ci.yml of https://github.com/o/r at refs/heads/main.", answer.Out);
        Assert.Contains("Not checked: the signature, who signed (the identity in the certificate), and the transparency log.", answer.Out);
    }

    [Fact]
    public void Several_bundles_may_follow_each_other() =>
        Assert.Equal(0, Verify($"{Bundle(Statement(first))}\n{Bundle(Statement(second))}\n").Exit);

    [Fact]
    public void Json_says_it_too()
    {
        var provenance = Verify(Bundle(Statement(first)), "--json").Json.GetProperty("provenance");
        Assert.Equal((2, 1), (provenance.GetProperty("files").GetInt32(), provenance.GetProperty("attested").GetInt32()));
        Assert.StartsWith("Not checked", provenance.GetProperty("not_checked").GetString());
    }

    [Fact]
    public void A_file_of_another_digest_is_named()
    {
        var wrong = Statement(first, second).Replace(Sha256(second), new string('0', 64));
        var answer = Verify(Bundle(wrong));
        Assert.Equal(1, answer.Exit);
        Assert.Contains("error MLP3034", answer.Out);
        Assert.Contains($"names {new string('0', 64)} for a file of this name", answer.Out);
        Assert.Contains("1 of 2 files", answer.Out);
    }

    [Fact]
    public void A_sidecar_that_was_changed_after_the_attestation_is_found_twice()
    {
        var bundle = Bundle(Statement(first, second));
        File.AppendAllText(first, " ");
        var answer = Verify(bundle);
        Assert.Contains("MLP3003", answer.Out);
        Assert.Contains("MLP3034", answer.Out);
    }

    [Theory]
    [InlineData("empty", "MLP3031")]
    [InlineData("truncated", "MLP3031")]
    [InlineData("text", "MLP3031")]
    [InlineData("list", "MLP3031")]
    [InlineData("a bare statement", "MLP3031")]
    [InlineData("other media type", "MLP3031")]
    [InlineData("message signature", "MLP3031")]
    [InlineData("wrong payload type", "MLP3032")]
    [InlineData("payload not base64", "MLP3032")]
    [InlineData("payload truncated", "MLP3032")]
    [InlineData("payload missing", "MLP3032")]
    [InlineData("statement type", "MLP3032")]
    [InlineData("other predicate", "MLP3032")]
    [InlineData("subject twice", "MLP3032")]
    [InlineData("no subject", "MLP3033")]
    [InlineData("subject no list", "MLP3033")]
    [InlineData("no digest", "MLP3033")]
    [InlineData("only sha512", "MLP3033")]
    [InlineData("short digest", "MLP3033")]
    [InlineData("second bundle broken", "MLP3031")]
    public void A_bundle_that_proves_nothing_fails(string kind, string code)
    {
        var (statement, digest) = (Statement(first, second), Sha256(first));
        var answer = Verify(kind switch
        {
            "empty" => "",
            "truncated" => Bundle(statement)[..200],
            "text" => "attested, honestly",
            "list" => $"[{Bundle(statement)}]",
            "a bare statement" => statement,
            "other media type" => Bundle(statement).Replace("dev.sigstore.bundle", "dev.other.bundle"),
            "message signature" => Bundle(statement).Replace("dsseEnvelope", "messageSignature"),
            "wrong payload type" => Bundle(statement, "application/json"),
            "payload not base64" => Bundle(statement).Replace("\"payload\":\"", "\"payload\":\"*"),
            "payload truncated" => Bundle(statement[..^40]),
            "payload missing" => Bundle(statement).Replace("\"payload\"", "\"load\""),
            "statement type" => Bundle(statement.Replace("https://in-toto.io/Statement/v1", "https://in-toto.io/Link/v1")),
            "other predicate" => Bundle(statement.Replace(Slsa, "https://spdx.dev/Document/v2.3")),
            "subject twice" => Bundle(statement.Replace("\"subject\":", "\"subject\":[],\"subject\":")),
            "no subject" => Bundle(statement.Replace("\"subject\":", "\"subject\":[],\"others\":")),
            "subject no list" => Bundle(statement.Replace("\"subject\":", "\"subject\":7,\"others\":")),
            "no digest" => Bundle(statement.Replace("\"digest\"", "\"digests\"")),
            "only sha512" => Bundle(statement.Replace("sha256", "sha512")),
            "short digest" => Bundle(statement.Replace(digest, digest[..63])),
            _ => Bundle(statement) + "\n{\"half\":",
        });
        Assert.Equal(1, answer.Exit);
        Assert.Contains($"error {code}", answer.Out);
        Assert.Contains("Not checked", answer.Out);
        Assert.Contains("0 of 2 files", answer.Out);
    }

    [Fact]
    public void No_file_and_hostile_names_are_told_as_text()
    {
        Assert.Contains("MLP3031", Answer.To(clone, ["verify", first, "--provenance", "nowhere.json"]).Out);
        var answer = Verify(Bundle(Statement(first, second).Replace("refs/heads/main", "\\u001b[31mred\\n[bold]x[/]")));
        Assert.Equal(0, answer.Exit);
        Assert.DoesNotContain("\u001b", answer.Out);
        Assert.Contains("[bold]x[/]", answer.Out);
    }

    internal static string BundleOf(params string[] files) => Bundle(Statement(files));

    public void Dispose() => clone.Dispose();

    Answer Verify(string bundles, params string[] more) => Answer.To(
        clone, ["verify", clone.Repository.NewEvidenceFolder, "--provenance", clone.Write("attestation.json", bundles), .. more]);

    static string Bundle(string statement, string payloadType = InToto) => JsonSerializer.Serialize(new
    {
        mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json",
        verificationMaterial = new { certificate = new { rawBytes = "AA==" }, tlogEntries = Array.Empty<object>() },
        dsseEnvelope = new { payload = Convert.ToBase64String(Encoding.UTF8.GetBytes(statement)), payloadType, signatures = new[] { new { sig = "AA==" } } },
    });

    static string Statement(params string[] files) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["_type"] = "https://in-toto.io/Statement/v1",
        ["subject"] = files.Select(file => new { name = $"artifacts/evidence/{Path.GetFileName(file)}", digest = new { sha256 = Sha256(file) } }),
        ["predicateType"] = Slsa,
        ["predicate"] = new
        {
            buildDefinition = new
            {
                externalParameters = new { workflow = new { @ref = "refs/heads/main", repository = "https://github.com/o/r", path = ".github/workflows/ci.yml" } },
            },
        },
    });

    static string Sha256(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
