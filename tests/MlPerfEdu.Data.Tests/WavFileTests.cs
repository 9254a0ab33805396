namespace MlPerfEdu.Data.Tests;

public class WavFileTests
{
    [Fact]
    public void Reads_samples_past_chunks_it_does_not_know()
    {
        var wav = WavBytes.Riff(("LIST", [1, 2, 3]), WavBytes.Format(), ("odd ", [9]), ("data", [1, 0, 255, 255, 0, 128]));
        Assert.Equal(new short[] { 1, -1, -32768 }, WavFile.Read(wav, "a.wav"));
    }

    public static TheoryData<string, byte[], string> Wrong => new()
    {
        { "riff", [.. "RIFX"u8, .. WavBytes.Of(1)[4..]], "offset 0" },
        { "wave", [.. WavBytes.Of(1)[..8], .. "WAVY"u8, .. WavBytes.Of(1)[12..]], "offset 8" },
        { "float", WavBytes.Riff(WavBytes.Format(format: 3), ("data", [0, 0])), "offset 20: found format 3" },
        { "stereo", WavBytes.Riff(WavBytes.Format(channels: 2), ("data", [0, 0, 0, 0])), "channels 2" },
        { "rate", WavBytes.Riff(WavBytes.Format(rate: 44_100), ("data", [0, 0])), "44100 samples per second" },
        { "bits", WavBytes.Riff(WavBytes.Format(bits: 8), ("data", [0, 0])), "bytes per frame 1" },
        { "short format", WavBytes.Riff(("fmt ", [1, 0, 1, 0]), ("data", [0, 0])), "a fmt chunk of 4 bytes" },
        { "half a sample", WavBytes.Riff(WavBytes.Format(), ("data", [1, 2, 3])), "3 bytes of samples" },
        { "no data", WavBytes.Riff(WavBytes.Format()), "expected a data chunk" },
        { "no format", WavBytes.Riff(("data", [0, 0])), "expected a fmt chunk before it" },
        { "more behind", [.. WavBytes.Of(1), 0, 0], "continues after its last sample" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Refuses_what_it_cannot_read(string what, byte[] wav, string expected)
    {
        var e = Assert.Throws<DataException>(() => WavFile.Read(wav, $"{what}.wav"));
        Assert.Contains($"{what}.wav", e.Message);
        Assert.Contains(expected, e.Message);
    }

    [Fact]
    public void Every_cut_is_found()
    {
        var wav = WavBytes.Riff(("LIST", [1, 2, 3]), WavBytes.Format(), ("data", [1, 0, 2, 0]));
        for (var length = 0; length < wav.Length; length++)
            Assert.Equal("MLP1081", Assert.Throws<DataException>(() => WavFile.Read(wav.AsSpan(0, length), "a.wav")).Code);
    }

    // A size that runs past the end of the file must not be believed, whatever the header says.
    [Fact]
    public void A_chunk_longer_than_the_file_is_refused()
    {
        var wav = WavBytes.Of(1, 2, 3);
        BitConverter.GetBytes(uint.MaxValue).CopyTo(wav, 40);
        Assert.Equal("MLP1081", Assert.Throws<DataException>(() => WavFile.Read(wav, "a.wav")).Code);
    }
}
