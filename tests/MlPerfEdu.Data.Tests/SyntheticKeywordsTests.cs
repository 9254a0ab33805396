namespace MlPerfEdu.Data.Tests;

public class SyntheticKeywordsTests
{
    [Fact]
    public void Are_the_pinned_bytes_in_the_shape_of_speech_commands()
    {
        var set = Embedded.Keywords.Value;
        foreach (var side in new[] { set.Train, set.Test })
        {
            Assert.All(side.GroupBy(c => c.Label), g => Assert.Equal(side.Count / 12, g.Count()));
            Assert.All(side, c => Assert.Equal(16_000, c.Samples.Length));
            Assert.All(side, c => Assert.Equal(c.Label == Keywords.Silence, c.Speaker is null));
        }
        Assert.Equal(DataTier.Embedded, set.Provenance.Tier);
    }

    [Fact]
    public void Nobody_speaks_on_both_sides()
    {
        var set = Embedded.Keywords.Value;
        Assert.Empty(set.Train.Select(c => c.Speaker).OfType<string>().Intersect(set.Test.Select(c => c.Speaker).OfType<string>()));
    }

    [Fact]
    public void Another_seed_gives_other_clips()
    {
        var first = SyntheticKeywords.Generate(new("k", 1, 24, 12));
        Assert.Equal(first.Train[5].Samples, SyntheticKeywords.Generate(new("k", 1, 24, 12)).Train[5].Samples);
        Assert.NotEqual(first.Train[5].Samples, SyntheticKeywords.Generate(new("k", 2, 24, 12)).Train[5].Samples);
    }

    // Loudness over time and the rate of zero crossings: what can be told without looking at frequencies.
    [Fact]
    public void Loudness_alone_does_not_tell_the_words_apart()
    {
        var set = Embedded.Keywords.Value;
        var accuracy = Baselines.NearestMean(Envelopes(set.Train), Envelopes(set.Test), 12);
        Assert.InRange(accuracy, 0.15, 0.5);
    }

    static LabelledImages Envelopes(IReadOnlyList<KeywordClip> clips)
    {
        const int steps = 50, samples = 16_000 / steps;
        var pixels = new byte[clips.Count * 2 * steps];
        for (var c = 0; c < clips.Count; c++)
        {
            var loudest = clips[c].Samples.Max(s => Math.Abs((int)s)) + 1;
            for (var s = 0; s < steps; s++)
            {
                var window = clips[c].Samples.AsSpan(s * samples, samples);
                var (sum, crossings) = (0.0, 0);
                for (var i = 1; i < samples; i++)
                {
                    sum += Math.Abs((int)window[i]);
                    if (window[i] < 0 != window[i - 1] < 0) crossings++;
                }
                pixels[(c * 2) * steps + s] = (byte)(sum / samples / loudest * 255);
                pixels[(c * 2 + 1) * steps + s] = (byte)(crossings * 255 / samples);
            }
        }
        return new(pixels, [.. clips.Select(c => (byte)c.Label)], 2, 1, steps);
    }
}
