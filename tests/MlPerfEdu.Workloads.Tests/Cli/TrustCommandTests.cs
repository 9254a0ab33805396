using MlPerfEdu.Cli;
using MlPerfEdu.Data;
using MlPerfEdu.Engine.Trust;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Tests.Cli;

public sealed class TrustCommandTests : IDisposable
{
    const string Older = "2026-01-30T12-00-00Z", At = "2026-01-31T12-00-00Z";

    readonly Clone clone = new();

    // What verify, accept and report believed before: the score and all that is stated of it, edited and sealed again.
    [Fact]
    public void A_score_that_was_edited_and_sealed_again_is_refused_everywhere()
    {
        var path = clone.Measured(Clone.First, At, record =>
        {
            var quality = record.Quality with { Target = record.Quality.Target with { Limit = 0.1, Value = 0.2 }, Metrics = new Dictionary<string, double> { ["accuracy"] = 0.2 } };
            return record with { Quality = quality, Validity = [.. QualityValidity.Lines(quality), SampleEvidence.DataAsDeclared] };
        });
        var verify = Answer.To(clone, "verify");
        Assert.Equal(1, verify.Exit);
        Assert.Contains("error MLP3017", verify.Out);
        Assert.Contains("quality.target.limit: found 0.1 → expected 0.9", verify.Out);
        Assert.Contains("quality.target.value: found 0.2 → expected 0.93", verify.Out);

        Assert.StartsWith("error MLP2020", Answer.To(clone, "accept first-workload").Error);
        var named = Answer.To(clone, ["accept", Clone.First, "--evidence", path, "--force"]);
        Assert.StartsWith("error MLP2021", named.Error);
        Assert.Contains("quality.target.limit", named.Error);
        var report = Answer.To(clone, "report");
        Assert.DoesNotContain("YES", report.Out);
        Assert.Contains("no evidence of first-workload", report.Error);
    }

    [Fact]
    public void Verify_says_of_each_sidecar_how_far_to_believe_it_and_what_is_claimed()
    {
        clone.Measured(Clone.First, At);
        clone.Measured(Clone.Second, At, record => record with { Workload = record.Workload with { EntrySha256 = new string('0', 64) } });
        var answer = Answer.To(clone, "verify");
        Assert.Equal(0, answer.Exit);
        Assert.Contains("\nconsistent artifacts/evidence/first-workload_", $"\n{answer.Out}");
        Assert.Contains("sealed     artifacts/evidence/second-workload_", answer.Out);
        Assert.Contains("(the entry of second-workload has changed since)", answer.Out);
        Assert.Contains("Claimed, as nothing here gives it again", answer.Out);
        Assert.Contains("quality.curve[*].value", answer.Out);

        var sidecars = Answer.To(clone, "verify --json").Json.GetProperty("sidecars").EnumerateArray().ToList();
        Assert.Equal(["consistent", "sealed"], sidecars.Select(sidecar => sidecar.GetProperty("level").GetString()));
        Assert.All(sidecars, sidecar => Assert.True(sidecar.GetProperty("claimed").GetArrayLength() > 5));
    }

    [Fact]
    public void The_report_has_the_levels_at_its_foot()
    {
        clone.Measured(Clone.First, At);
        clone.Measured(Clone.Second, At, record => record with { Workload = record.Workload with { EntrySha256 = new string('0', 64) } });
        var answer = Answer.To(clone, "report");
        Assert.Contains("\nTrust: sealed (", answer.Out);
        Assert.Contains("): second-workload.\nTrust: consistent (", answer.Out);
        Assert.Contains("): all others.", answer.Out);
    }

    [Fact]
    public void Generated_data_does_not_replace_real_data_unless_forced()
    {
        clone.AddRealData();
        clone.Measured(Clone.First, Older, OnRealData);
        Assert.Equal(0, Answer.To(clone, "accept first-workload").Exit);
        clone.Measured(Clone.First, At);
        var before = clone.Content("roofline", "workloads");
        var refused = Answer.To(clone, "accept first-workload");
        Assert.Equal(1, refused.Exit);
        Assert.StartsWith("error MLP2026", refused.Error);
        Assert.Contains("synthetic-strokes (embedded)", refused.Error);
        Assert.Contains("mnist (real)", refused.Error);
        Assert.Equal(before, clone.Content("roofline", "workloads"));

        var forced = Answer.To(clone, "accept first-workload --force");
        Assert.Equal(0, forced.Exit);
        Assert.Contains("although synthetic-strokes (embedded) is put over mnist (real)", forced.Error);
        clone.Measured(Clone.First, "2026-02-01T12-00-00Z", OnRealData);
        Assert.Equal(0, Answer.To(clone, "accept first-workload").Exit);
    }

    [Fact]
    public void A_replay_that_leads_to_the_same_raises_the_level()
    {
        var path = clone.Measured(Clone.First, At);
        var answer = Replay((entry, _) => SampleEvidence.Of(entry, Older), "--replay", path);
        Assert.Equal(0, answer.Exit);
        Assert.Contains("replayed   artifacts/evidence/first-workload_", answer.Out);
        Assert.Contains("bit for bit", answer.Out);
        Assert.DoesNotContain("quality.curve", answer.Out);
    }

    [Fact]
    public void A_replay_that_leads_elsewhere_fails_and_names_the_field()
    {
        var path = clone.Measured(Clone.First, At);
        var answer = Replay((entry, _) => SampleEvidence.Of(entry, Older, 0.91), "--replay", path);
        Assert.Equal(1, answer.Exit);
        Assert.Contains("error MLP3019", answer.Out);
        Assert.Contains("quality.curve[1].value: found 0.93 → expected 0.91", answer.Out);
    }

    [Fact]
    public void A_look_at_the_first_steps_takes_only_these_and_raises_nothing()
    {
        var path = clone.Measured(Clone.First, At);
        long? asked = null;
        var answer = Replay(
            (entry, options) =>
            {
                asked = options.Steps;
                return SampleEvidence.Of(entry, Older, 0.91);
            },
            "--replay-steps", "4", path);
        Assert.Equal(4, asked);
        Assert.Equal(0, answer.Exit);
        Assert.Contains("consistent artifacts/evidence/first-workload_", answer.Out);
        Assert.Contains("the first 4 steps, bit for bit", answer.Out);
    }

    [Fact]
    public void What_cannot_be_replayed_says_why()
    {
        AssertRefused("MLP2028", "without a path", "--replay");
        AssertRefused("MLP2027", "says nothing about its first 2 steps, but about the first 3", "--replay-steps", "2", clone.Measured(Clone.First, At));
        AssertRefused("MLP2027", "has changed since", "--replay",
            clone.Measured(Clone.First, At, record => record with { Workload = record.Workload with { EntrySha256 = new string('0', 64) } }));
        AssertRefused("MLP2027", "nothing but times", "--replay",
            EvidenceFile.Write(clone.Repository.NewEvidenceFolder, SampleEvidence.OfExperiment("cache-probe", At)).Path);

        void AssertRefused(string code, string why, params string[] arguments)
        {
            var answer = Answer.To(clone, ["verify", .. arguments]);
            Assert.NotEqual(0, answer.Exit);
            Assert.StartsWith($"error {code}", answer.Error);
            Assert.Contains(why, answer.Error);
        }
    }

    Answer Replay(Func<Catalog.ModelEntry, Engine.RunOptions, EvidenceRecord> again, params string[] arguments) => Answer.To(
        clone, ["verify", .. arguments], services => services with { Repeater = (_, _) => (entry, options, _, _) => again(entry, options) });

    static EvidenceRecord OnRealData(EvidenceRecord record) => record with
    {
        Data = new("mnist", "real", DataCatalog.BuiltIn["mnist"].Files.ToDictionary(file => file.Name, file => file.Pins[0].Sha256)),
        Validity = [.. record.Validity.SkipLast(1), new(SampleEvidence.DataAsDeclared.Constraint, true, "mnist is real, workloads.yaml says real")],
    };

    public void Dispose() => clone.Dispose();
}
