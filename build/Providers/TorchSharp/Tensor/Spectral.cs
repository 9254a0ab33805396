using TorchSharp.Interop;

namespace TorchSharp;

public enum FFTNormType
{
    Backward = 0, Forward = 1, Ortho = 2,
}

public static partial class torch
{
    public static partial class fft
    {
        public static Tensor fft_(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            Aten.fft_fft.Tensor(input, Length(n), dim, NameOf(norm));

        public static Tensor ifft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            Aten.fft_ifft.Tensor(input, Length(n), dim, NameOf(norm));

        public static Tensor rfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            Aten.fft_rfft.Tensor(input, Length(n), dim, NameOf(norm));

        public static Tensor irfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            Aten.fft_irfft.Tensor(input, Length(n), dim, NameOf(norm));

        public static Tensor fftfreq(long n, double d = 1.0, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Aten.fft_fftfreq.Tensor(n, d, dtype ?? s_defaultType, Arg.None, device ?? s_defaultDevice).WithGrad(requires_grad);

        public static Tensor rfftfreq(long n, double d = 1.0, ScalarType? dtype = null, Device? device = null,
            bool requires_grad = false) =>
            Aten.fft_rfftfreq.Tensor(n, d, dtype ?? s_defaultType, Arg.None, device ?? s_defaultDevice).WithGrad(requires_grad);

        private static long? Length(long n) => n == -1 ? null : n;

        private static string NameOf(FFTNormType norm) => norm.ToString().ToLowerInvariant();
    }

    public static Tensor hann_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false) =>
        Aten.hann_window_periodic.Tensor(len, periodic, dtype ?? s_defaultType, Arg.None, device ?? s_defaultDevice)
            .WithGrad(requires_grad);

    public static Tensor hamming_window(long len, bool periodic = true, float alpha = 0.54f, float beta = 0.46f, ScalarType? dtype = null,
        Device? device = null, bool requires_grad = false) =>
        Aten.hamming_window_periodic_alpha_beta.Tensor(len, periodic, (double)alpha, (double)beta, dtype ?? s_defaultType, Arg.None,
            device ?? s_defaultDevice).WithGrad(requires_grad);

    public static Tensor blackman_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false) =>
        Aten.blackman_window_periodic.Tensor(len, periodic, dtype ?? s_defaultType, Arg.None, device ?? s_defaultDevice)
            .WithGrad(requires_grad);

    public static Tensor bartlett_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false) =>
        Aten.bartlett_window_periodic.Tensor(len, periodic, dtype ?? s_defaultType, Arg.None, device ?? s_defaultDevice)
            .WithGrad(requires_grad);

    public static Tensor stft(Tensor input, long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null,
        bool center = true, PaddingModes pad_mode = PaddingModes.Reflect, bool normalized = false, bool? onesided = null,
        bool? return_complex = null) =>
        input.stft(n_fft, hop_length, win_length, window, center, pad_mode, normalized, onesided, return_complex);

    public static Tensor istft(Tensor input, long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null,
        bool center = true, bool normalized = false, bool? onesided = null, long length = -1, bool return_complex = false) =>
        input.istft(n_fft, hop_length, win_length, window, center, normalized, onesided, length, return_complex);

    public partial class Tensor
    {
        public Tensor stft(long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null, bool center = true,
            PaddingModes pad_mode = PaddingModes.Reflect, bool normalized = false, bool? onesided = null, bool? return_complex = null) =>
            Aten.stft_center.Tensor(this, n_fft, Given(hop_length), Given(win_length), window, center,
                pad_mode.ToString().ToLowerInvariant(), normalized, onesided, return_complex ?? is_complex());

        public Tensor istft(long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null, bool center = true,
            bool normalized = false, bool? onesided = null, long length = -1, bool return_complex = false) =>
            Aten.istft.Tensor(this, n_fft, Given(hop_length), Given(win_length), window, center, normalized, onesided, Given(length),
                return_complex);

        private static long? Given(long value) => value == -1 ? null : value;
    }
}
