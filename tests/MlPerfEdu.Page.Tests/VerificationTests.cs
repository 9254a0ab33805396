using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Page.Tests;

/// <summary>What the check in the browser finds, and in which row.</summary>
[Collection(BrowserCollection.Name)]
public class VerificationTests(Browser browser)
{
    const int ChangedBytes = 1000;
    const int ChangedSamples = 100;

    [ChromiumFact]
    public async Task An_untouched_page_verifies_in_every_row()
    {
        await using var open = await browser.Open(browser.PageOfThisClone);
        await open.Page.ClickAsync("#check");
        await open.Page.WaitForFunctionAsync("() => !document.querySelector('#check').disabled && !document.querySelector('#outcome').textContent.startsWith('Checking')");
        Assert.StartsWith("✓ All ", await open.Page.InnerTextAsync("#outcome"), StringComparison.Ordinal);
        var (rows, verified) = (await open.Page.EvaluateAsync<int>("() => Rows.length"), await open.Page.Locator("tr.verified").CountAsync());
        Assert.True(rows >= 20, $"{rows} rows");
        Assert.Equal(rows, verified);
    }

    [ChromiumFact]
    public async Task Every_changed_byte_is_found()
    {
        await using var open = await browser.Open(browser.PageOfThisClone);
        var missed = await open.Page.EvaluateAsync<string[]>("""
            async (changes) => {
              let seed = 20260131;
              const random = (below) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 2 ** 32 * below | 0;
              const missed = [];
              for (let change = 0; change < changes; change++) {
                const row = Rows[random(Rows.length)], at = random(row.bytes.length), bytes = row.bytes.slice();
                bytes[at] ^= 1 << random(8);
                if ((await check({ ...row, bytes })).length === 0) missed.push(`${row.name} at ${at}`);
              }
              return missed;
            }
            """, ChangedBytes);
        Assert.Empty(missed);
    }

    [ChromiumFact]
    public async Task The_row_of_a_changed_byte_turns_red_and_no_other()
    {
        await using var open = await browser.Open(browser.PageOfThisClone);
        var wrong = await open.Page.EvaluateAsync<string[]>("""
            async () => {
              const wrong = [];
              for (const row of Rows) {
                const whole = row.bytes;
                row.bytes = whole.slice();
                row.bytes[Math.floor(whole.length / 2)] ^= 1;
                await checkAll();
                const failed = [...document.querySelectorAll("tr.failed")].map((element) => element.id);
                const text = row.status.textContent, outcome = document.getElementById("outcome").textContent;
                if (failed.join() !== `row-${row.index}` || !/^✗ MLP\d{4}: ./.test(text) || !outcome.includes(row.id)) wrong.push(`${row.id}: ${failed} ${text} ${outcome}`);
                row.bytes = whole;
              }
              return wrong;
            }
            """);
        Assert.Empty(wrong);
    }

    [ChromiumFact]
    public async Task A_file_that_was_edited_outside_of_the_browser_is_found_too()
    {
        var text = await File.ReadAllTextAsync(browser.PageOfThisClone);
        // Inside the packed bytes of the third sidecar.
        var at = Enumerable.Range(0, 3).Aggregate(0, (from, _) => text.IndexOf("\"packed\":\"", from + 1, StringComparison.Ordinal)) + 5000;
        var changed = text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
        await using var open = await browser.Open(browser.Write("edited.html", System.Text.Encoding.UTF8.GetBytes(changed)));
        Assert.Equal(1, await open.Page.EvaluateAsync<int>("() => checkAll()"));
        Assert.Equal("row-2", await open.Page.Locator("tr.failed").GetAttributeAsync("id"));
    }

    [ChromiumFact]
    public async Task Every_changed_sample_is_found_though_all_hashes_are_right_again()
    {
        await using var open = await browser.Open(browser.PageOfThisClone);
        var sidecars = Directory.EnumerateFiles(ThisClone.Repository.BaselinesFolder, "*.json", SearchOption.AllDirectories)
            .Where(path => !ExperimentVerifier.IsExperiment(path)).Order(StringComparer.Ordinal).ToArray();
        var random = new Random(5);
        for (var change = 0; change < ChangedSamples; change++)
        {
            var path = sidecars[random.Next(sidecars.Length)];
            var original = EvidenceFile.Read(path);
            var record = ChangedSample.In(original, random);
            // Half of the forgers derive the verdicts again as well.
            if (random.Next(2) == 0)
                record = record with { Regimes = RegimeDerivation.Derive(record.Count, record.Measurement, record.Peaks, record.Thresholds) };
            record = ContentHash.Seal(record with { Peaks = ContentHash.Seal(record.Peaks) });
            var found = await open.Page.EvaluateAsync<string[]>("""
                async ([was, name, packed]) => {
                  const index = Rows.findIndex((row) => row.name === was);
                  return (await check({ ...await read({ ...Data.rows[index], name, packed }, index) })).map((each) => `${Rows[index].id} ${each.code}`);
                }
                """, new[] { Path.GetFileName(path), EvidenceFile.Name(record), HtmlPage.Packed(CanonicalJson.Serialize(record)) });
            Assert.All(found, each => Assert.StartsWith($"{original.Workload.Id} MLP", each, StringComparison.Ordinal));
            Assert.True(found.Length > 0, $"change {change} in {path} was not found");
            Assert.DoesNotContain(found, each => each.EndsWith("MLP3005", StringComparison.Ordinal) || each.EndsWith("MLP3009", StringComparison.Ordinal));
        }
    }

    [ChromiumFact]
    public async Task The_pages_own_sha256_is_the_browsers()
    {
        await using var open = await browser.Open(browser.PageOfThisClone);
        Assert.True(await open.Page.EvaluateAsync<bool>("() => isSecureContext && Boolean(crypto.subtle)"));
        Assert.Empty(await open.Page.EvaluateAsync<int[]>("""
            async () => {
              const different = [];
              for (let length = 0; length < 300; length++) {
                const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length) & 255);
                if (Sha256.own(bytes) !== await Sha256.of(bytes)) different.push(length);
              }
              return different;
            }
            """));
    }
}

/// <summary>Another value for one raw sample somewhere in a sidecar.</summary>
static class ChangedSample
{
    public static EvidenceRecord In(EvidenceRecord record, Random random)
    {
        var rounds = record.Measurement.Rounds;
        var factor = 1 + (random.NextDouble() - 0.5) / 50;
        switch (random.Next(6))
        {
            case 0 when record.Quality.Curve.Count > 1:
                var curve = record.Quality.Curve;
                var point = random.Next(curve.Count);
                return record with { Quality = record.Quality with { Curve = Replaced(curve, point, curve[point] with { Value = factor * curve[point].Value }) } };
            case 1 when record.Serving is { } serving:
                var answer = random.Next(serving.Answers.Count);
                var was = serving.Answers[answer];
                return record with { Serving = serving with { Answers = Replaced(serving.Answers, answer, was with { Tokens = [.. was.Tokens.SkipLast(1), was.Tokens[^1] + 1000] }) } };
            case 2:
                var series = record.Peaks.Series;
                var one = random.Next(series.Count);
                return record with { Peaks = record.Peaks with { Series = Replaced(series, one, series[one] with { Samples = Scaled(series[one].Samples) }) } };
            case 3:
                var calibrated = random.Next(rounds.Count);
                var calibration = rounds[calibrated].Calibration;
                return With(calibrated, rounds[calibrated] with { Calibration = calibration with { GemmFlops = factor * calibration.GemmFlops } });
            default:
                var round = random.Next(rounds.Count);
                return With(round, rounds[round] with { StepSeconds = Scaled(rounds[round].StepSeconds) });
        }

        EvidenceRecord With(int index, SampleRound round) =>
            record with { Measurement = record.Measurement with { Rounds = Replaced(rounds, index, round) } };

        double[] Scaled(IReadOnlyList<double> samples)
        {
            var index = random.Next(samples.Count);
            return Replaced(samples, index, factor * samples[index]);
        }

        static T[] Replaced<T>(IReadOnlyList<T> values, int index, T value) => [.. values.Select((each, at) => at == index ? value : each)];
    }
}
