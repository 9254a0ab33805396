using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tiny.DsCnnKws;

/// <summary>
/// The front end of keyword spotting: short-time Fourier transform, power, 40 mel bands, logarithm.
/// The transform is a product with a cosine and a sine table. In double precision the quiet bands come out exactly
/// enough for the logarithm, and a matrix product is as fast here as an FFT of 480 points written by hand.
/// </summary>
public sealed class LogMel : IDisposable
{
    public const int SampleRate = 16_000;
    public const int WindowLength = 480;
    public const int Hop = 160;
    public const int Bands = 40;
    const int Bins = WindowLength / 2 + 1;
    const double Floor = 1e-9;

    readonly Tensor windowedFourier = AlignedTensor.Of(FourierTable(), WindowLength, 2 * Bins);
    readonly Tensor filters = AlignedTensor.Of(MelFilters(), Bins, Bands);

    /// <summary>Frames of a clip: one centred on every hop, the ends included.</summary>
    public static int Frames(int samples) => samples / Hop + 1;

    /// <param name="clips">Clips of equal length in [-1, 1], [B, samples].</param>
    /// <returns>[B, bands, frames]</returns>
    public Tensor Transform(Tensor clips)
    {
        using var scope = NewDisposeScope();
        var power = PowerSpectrum(clips);                                        // [B, frames, bins]
        var mel = power.matmul(filters);                                         // [B, frames, bands]
        return mel.add(Floor).log().transpose(1, 2).to(float32).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>|STFT|² with a periodic Hann window and ends mirrored, [B, frames, bins].</summary>
    public Tensor PowerSpectrum(Tensor clips)
    {
        using var scope = NewDisposeScope();
        var mirrored = nn.functional.pad(clips.to(float64).unsqueeze(1), [WindowLength / 2, WindowLength / 2], PaddingModes.Reflect).squeeze(1);
        var frames = mirrored.unfold(1, WindowLength, Hop);                      // [B, frames, window]
        var spectrum = frames.matmul(windowedFourier);                           // [B, frames, 2·bins]: cosines, then sines
        return spectrum.narrow(2, 0, Bins).square().add_(spectrum.narrow(2, Bins, Bins).square()).MoveToOuterDisposeScope();
    }

    static double[] FourierTable()
    {
        var table = new double[WindowLength * 2 * Bins];
        for (var n = 0; n < WindowLength; n++)
        {
            var window = 0.5 - 0.5 * Math.Cos(2 * Math.PI * n / WindowLength);
            for (var k = 0; k < Bins; k++)
            {
                // n·k modulo the period keeps the angle small, and with it the rounding of sine and cosine.
                var angle = 2 * Math.PI * (n * k % WindowLength) / WindowLength;
                table[n * 2 * Bins + k] = window * Math.Cos(angle);
                table[n * 2 * Bins + Bins + k] = -window * Math.Sin(angle);
            }
        }
        return table;
    }

    // Triangles of height 1 with feet on the centres of their neighbours, equally spaced on the mel scale from 0 Hz to half the sample rate.
    static double[] MelFilters()
    {
        var edges = new double[Bands + 2];
        for (var i = 0; i < edges.Length; i++) edges[i] = Hertz(Mel(SampleRate / 2.0) * i / (edges.Length - 1));

        var filters = new double[Bins * Bands];
        for (var k = 0; k < Bins; k++)
        {
            var frequency = SampleRate / 2.0 * k / (Bins - 1);
            for (var band = 0; band < Bands; band++)
            {
                var rising = (frequency - edges[band]) / (edges[band + 1] - edges[band]);
                var falling = (edges[band + 2] - frequency) / (edges[band + 2] - edges[band + 1]);
                filters[k * Bands + band] = Math.Max(0, Math.Min(rising, falling));
            }
        }
        return filters;
    }

    static double Mel(double hertz) => 2595 * Math.Log10(1 + hertz / 700);

    static double Hertz(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);

    public void Dispose()
    {
        windowedFourier.Dispose();
        filters.Dispose();
    }
}
