using System.Text;

namespace MlPerfEdu.Data.Tests;

public sealed class SpeechCommandsFullTests : IDisposable
{
    const string Archive = "speech_commands_v0.02.tar.gz";

    static readonly string[] Words = [.. Keywords.Classes.Skip(2), "bed", "cat", "tree"];

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Scores_the_published_testing_list_and_leaves_out_the_validation_list()
    {
        var set = SpeechCommandsFull.Load(Packed(Files()));
        Assert.All(set.Test.Where(c => c.Speaker is not null), c => Assert.StartsWith("t", c.Speaker, StringComparison.Ordinal));
        Assert.All(set.Train.Where(c => c.Speaker is not null), c => Assert.StartsWith("s", c.Speaker, StringComparison.Ordinal));
        foreach (var side in new[] { set.Train, set.Test })
        {
            Assert.Equal(Enumerable.Range(0, 12), side.Select(c => c.Label).Distinct().Order());
            Assert.Single(side.GroupBy(c => c.Label).Select(g => g.Count()).Distinct());
            Assert.All(side, c => Assert.Equal(16_000, c.Samples.Length));
        }
    }

    // The recording is above zero for its first four fifths and below zero after.
    [Fact]
    public void Silence_to_score_comes_from_where_no_training_silence_comes_from()
    {
        var set = SpeechCommandsFull.Load(Packed(Files()));
        Assert.All(set.Train.Where(c => c.Label == Keywords.Silence), c => Assert.True(c.Samples.Max() > 0 && c.Samples.Min() >= 0));
        Assert.All(set.Test.Where(c => c.Label == Keywords.Silence), c => Assert.True(c.Samples.Min() < 0 && c.Samples.Max() <= 0));
    }

    [Theory]
    [InlineData("./testing_list.txt")]
    [InlineData("./validation_list.txt")]
    [InlineData("./_background_noise_/hum.wav")]
    public void A_missing_piece_is_named(string piece)
    {
        var e = Assert.Throws<DataException>(() => SpeechCommandsFull.Load(Packed([.. Files().Where(f => f.Item1 != piece)])));
        Assert.Equal("MLP1064", e.Code);
        Assert.Contains(piece.Split('/')[1], e.Message);
    }

    DataResolution Packed((string, byte[])[] files) => Resolutions.Of("speech-commands-v2", (Archive, folder.Write(Archive, TarBytes.Of(files))));

    static (string, byte[])[] Files()
    {
        // A third of the speakers each: s to train on, v of the validation list, t of the testing list. Clips are a little short.
        var clips = (from word in Words from n in Enumerable.Range(0, 36) select $"{word}/{"svt"[n % 3]}{n}_nohash_0.wav").ToList();
        return
        [
            .. clips.Select(c => ($"./{c}", WavBytes.Of(new short[15_000]))),
            ("./_background_noise_/README.md", [1]),
            ("./_background_noise_/hum.wav", WavBytes.Of([.. Enumerable.Range(0, 100 * 1600).Select(i => (short)(i < 80 * 1600 ? 30_000 : -30_000))])),
            ("./validation_list.txt", List("/v")),
            ("./testing_list.txt", List("/t")),
        ];

        byte[] List(string mark) => Encoding.ASCII.GetBytes(string.Concat(clips.Where(c => c.Contains(mark)).Select(c => c + "\n")));
    }
}
