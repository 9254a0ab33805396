using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public sealed class SpeechCommandsTests(ITestOutputHelper output) : IDisposable
{
    const string Archive = "speech_commands_test_set_v0.02.tar.gz";

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_the_archive_and_splits_it_by_speaker()
    {
        var real = RealData.Find("speech-commands-v2-test", output);
        var set = SpeechCommands.Load(real ?? Small());

        var heard = set.Train.Select(c => c.Speaker).OfType<string>().ToHashSet();
        Assert.DoesNotContain(set.Test, c => c.Speaker is { } speaker && heard.Contains(speaker));
        Assert.Empty(set.Train.Select(c => c.Path).Intersect(set.Test.Select(c => c.Path)));
        foreach (var side in new[] { set.Train, set.Test })
        {
            Assert.Single(side.GroupBy(c => c.Label).Select(g => g.Count()).Distinct());
            Assert.Equal(Enumerable.Range(0, 12), side.Select(c => c.Label).Distinct().Order());
            Assert.All(side, c => Assert.Equal(16_000, c.Samples.Length));
            Assert.All(side, c => Assert.Equal(c.Label == Keywords.Silence, c.Speaker is null));
        }
        Assert.Equal(DataTier.Part, set.Provenance.Tier);
        output.WriteLine(set.Provenance.Statement);
    }

    [Fact]
    public void The_order_of_packing_changes_nothing()
    {
        var clips = Clips();
        var first = SpeechCommands.Load(Packed(clips));
        var second = SpeechCommands.Load(Packed([.. clips.Reverse()]));
        Assert.Equal(first.Train.Select(c => c.Path), second.Train.Select(c => c.Path));
        Assert.Equal(first.Test.Select(c => c.Path), second.Test.Select(c => c.Path));
    }

    [Fact]
    public void Clips_other_than_the_pinned_ones_are_named()
    {
        var list = folder.Write("MANIFEST.sha256", "0000  yes/s0_nohash_0.wav\n"u8.ToArray());
        var data = Packed(Clips());
        var pinned = data with { Files = [data.Files[0] with { Pinned = true }, new("MANIFEST.sha256", list, 0, "", true)] };
        var e = Assert.Throws<DataException>(() => SpeechCommands.Load(pinned));
        Assert.Equal("MLP1086", e.Code);
        Assert.Contains("_silence_/0.wav", e.Message);
    }

    [Theory]
    [InlineData("hello/s0_nohash_0.wav", 16_000, "the folder 'hello'")]
    [InlineData("yes/s0_nohash_0.wav", 15_999, "15999 samples")]
    public void A_clip_that_does_not_belong_is_refused(string path, int samples, string expected)
    {
        var e = Assert.Throws<DataException>(() => SpeechCommands.Load(Packed([($"top/{path}", WavBytes.Of(new short[samples]))])));
        Assert.Contains(expected, e.Message);
        Assert.Contains(path, e.Message);
    }

    [Theory]
    [InlineData("c1d39ce8_nohash_0.wav", "c1d39ce8")]
    [InlineData("1024.wav", null)]
    [InlineData("_nohash_0.wav", null)]
    public void The_speaker_is_the_part_before_nohash(string file, string? speaker) => Assert.Equal(speaker, new SpeechClip("left", file).Speaker);

    DataResolution Small() => Packed(Clips());

    DataResolution Packed((string, byte[])[] clips) =>
        Resolutions.Of("speech-commands-v2-test", (Archive, folder.Write(Archive, TarBytes.Of([("top/README.md", "text"u8.ToArray()), .. clips]))));

    static (string, byte[])[] Clips() =>
    [
        .. from word in Keywords.Classes
           from n in Enumerable.Range(0, 20)
           let name = word == "_silence_" ? $"{n}" : $"s{n % 15}_nohash_{n / 15}"
           select ($"top/{word}/{name}.wav", WavBytes.Of(new short[16_000])),
    ];
}
