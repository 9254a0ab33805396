using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class Special
{
    public static CaseTable Table { get; } = new("special")
    {
        { "digamma", i => special.digamma(i["x"]) },
        { "gammaln", i => special.gammaln(i["x"]) },
        { "psi", i => special.psi(i["x"]) },
        { "entr", i => special.entr(i["x"]) },
        { "i0", i => special.i0(i["x"]) },
        { "i0e", i => special.i0e(i["x"]) },
        { "i1", i => special.i1(i["x"]) },
        { "i1e", i => special.i1e(i["x"]) },
        { "erfcx", i => special.erfcx(i["x"]) },
        { "exp2", i => special.exp2(i["x"]) },
        { "expm1", i => special.expm1(i["x"]) },
        { "sinc", i => special.sinc(i["x"]) },
        { "ndtr", i => special.ndtr(i["x"]) },
        { "erf", i => special.erf(i["x"]) },
        { "erfc", i => special.erfc(i["x"]) },
        { "expit", i => special.expit(i["x"]), i => special.sigmoid(i["x"]) },
        { "logit", i => special.logit(i["x"]) },
        { "ndtri", i => special.ndtri(i["x"]) },
        { "erfinv", i => special.erfinv(i["x"]) },
        { "polygamma", i => special.polygamma(1, i["x"]) },
        { "gammainc", i => special.gammainc(i["x"], i["y"]) },
        { "gammaincc", i => special.gammaincc(i["x"], i["y"]) },
        { "xlog1py", i => special.xlog1py(i["x"], i["y"]) },
        { "zeta", i => special.zeta(i["x"], i["y"]) },
        { "softmax", i => special.softmax(i["x"], 1) },
        { "log_softmax", i => special.log_softmax(i["x"], 1) },
        { "rfft", i => view_as_real(fft.rfft(i["x"])) },
        { "rfft_padded", i => fft.rfft(i["x"], 16).view_as_real() },
        { "irfft", i => fft.irfft(fft.rfft(i["x"])) },
        { "fft", i => view_as_real(fft.fft_(i["x"])) },
        { "ifft", i => view_as_real(fft.ifft(view_as_complex(i["x"]))), i => fft.ifft(i["x"].view_as_complex()).view_as_real() },
        { "fftfreq", _ => fft.fftfreq(7, 0.5) },
        { "rfftfreq", _ => fft.rfftfreq(8) },
        { "stft", i => view_as_real(Stft(i["x"])), i => i["x"].stft(16, 8, window: hann_window(16), return_complex: true).view_as_real() },
        { "stft_not_centred", i => stft(i["x"], 12, 4, 8, hann_window(8), center: false, return_complex: true).view_as_real() },
        {
            "istft",
            i => istft(stft(i["x"], 16, 4, window: hann_window(16), return_complex: true), 16, 4, window: hann_window(16)),
            i => stft(i["x"], 16, 4, window: hann_window(16), return_complex: true).istft(16, 4, window: hann_window(16))
        },
        { "complex", i => complex(i["x"], i["y"]).view_as_real() },
        { "polar", i => polar(i["x"], i["y"]).view_as_real() },
        { "conj", i => i["x"].view_as_complex().conj().resolve_conj().view_as_real() },
    };

    private static Tensor Stft(Tensor x) => stft(x, 16, 8, window: hann_window(16), return_complex: true);
}
