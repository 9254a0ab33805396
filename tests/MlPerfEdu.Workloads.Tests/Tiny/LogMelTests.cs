using MlPerfEdu.Data;
using MlPerfEdu.Workloads.Tiny.DsCnnKws;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Tiny;

public class LogMelTests(ITestOutputHelper output)
{
    const double Tolerance = 1e-4;

    [Fact]
    public void Agrees_with_a_transform_written_from_its_definition()
    {
        using var scope = NewDisposeScope();
        var clip = Clip();
        using var frontEnd = new LogMel();
        var power = frontEnd.PowerSpectrum(tensor(clip, [1, clip.Length])).data<double>().ToArray();

        var largest = 0.0;
        foreach (var frame in new[] { 0, 1, 50, 99, 100 })
        {
            for (var bin = 0; bin <= LogMel.WindowLength / 2; bin += 7)
            {
                var expected = PowerOf(clip, frame, bin);
                var found = power[frame * (LogMel.WindowLength / 2 + 1) + bin];
                largest = Math.Max(largest, Math.Abs(found - expected) / Math.Max(1, expected));
            }
        }
        output.WriteLine($"largest difference: {largest:g3}");
        Assert.True(largest <= Tolerance, $"largest difference {largest:g3}, expected at most {Tolerance}");
    }

    [Fact]
    public void A_second_of_sound_gives_forty_bands_and_a_frame_on_every_hop()
    {
        using var scope = NewDisposeScope();
        using var frontEnd = new LogMel();
        var features = frontEnd.Transform(zeros(2, LogMel.SampleRate));
        Assert.Equal([2, 40, 101], features.shape);
        Assert.Equal(101, LogMel.Frames(LogMel.SampleRate));
        // Silence is the logarithm of the floor, not minus infinity.
        Assert.Equal(Math.Log(1e-9), features.max().item<float>(), 4);
    }

    [Theory]
    [InlineData(440)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void A_tone_is_loudest_in_the_band_around_its_pitch(double hertz)
    {
        using var scope = NewDisposeScope();
        using var frontEnd = new LogMel();
        var tone = Enumerable.Range(0, LogMel.SampleRate).Select(i => (float)Math.Sin(2 * Math.PI * hertz * i / LogMel.SampleRate)).ToArray();
        var loudest = frontEnd.Transform(tensor(tone, [1, tone.Length])).mean([0, 2]).argmax().item<long>();

        var bandWidth = 2595 * Math.Log10(1 + 8000 / 700.0) / (LogMel.Bands + 1);
        var expected = 2595 * Math.Log10(1 + hertz / 700) / bandWidth - 1;
        Assert.InRange(loudest, expected - 1, expected + 1);
    }

    static float[] Clip()
    {
        var random = new Xoshiro(11);
        return [.. Enumerable.Range(0, LogMel.SampleRate).Select(i => (float)(0.3 * Math.Sin(0.05 * i) + 0.1 * random.Bell()))];
    }

    // |Σ w(n)·x(n)·e^(-2πikn/N)|² over a window centred on the frame, the clip mirrored at its ends.
    static double PowerOf(float[] clip, int frame, int bin)
    {
        double real = 0, imaginary = 0;
        for (var n = 0; n < LogMel.WindowLength; n++)
        {
            var at = frame * LogMel.Hop + n - LogMel.WindowLength / 2;
            if (at < 0) at = -at;
            if (at >= clip.Length) at = 2 * (clip.Length - 1) - at;
            var window = 0.5 * (1 - Math.Cos(2 * Math.PI * n / LogMel.WindowLength));
            var angle = 2 * Math.PI * bin * n / LogMel.WindowLength;
            real += window * clip[at] * Math.Cos(angle);
            imaginary -= window * clip[at] * Math.Sin(angle);
        }
        return real * real + imaginary * imaginary;
    }
}
