"""torch.special, and the transforms of torch.fft."""

import torch

from .group import Group
from .inputs import randn, uniform

group = Group("special")
op = group.op

for name in ["digamma", "gammaln", "psi", "entr", "i0", "i0e", "i1", "i1e", "erfcx", "exp2", "expm1", "sinc", "ndtr", "erf", "erfc", "expit"]:
    op(name, f"torch.special.{name}(x)", tol=(2e-6, 2e-5), x=uniform(0.25, 3, 8))
for name in ["logit", "ndtri", "erfinv"]:
    op(name, f"torch.special.{name}(x)", tol=(2e-6, 2e-5), x=uniform(0.1, 0.9, 8))
op("polygamma", "torch.special.polygamma(1, x)", tol=(1e-5, 1e-5), x=uniform(0.5, 3, 6))
op("gammainc", "torch.special.gammainc(x, y)", tol=(2e-6, 2e-5), x=uniform(0.5, 3, 6).const(), y=uniform(0.5, 3, 6))
op("gammaincc", "torch.special.gammaincc(x, y)", tol=(2e-6, 2e-5), x=uniform(0.5, 3, 6).const(), y=uniform(0.5, 3, 6))
op("xlog1py", "torch.special.xlog1py(x, y)", x=randn(6), y=uniform(0.5, 3, 6))
op("zeta", "torch.special.zeta(x, y)", tol=(1e-5, 1e-5), x=uniform(1.5, 3, 6).const(), y=uniform(0.5, 3, 6).const())
op("softmax", "torch.special.softmax(x, 1)", x=randn(3, 4))
op("log_softmax", "torch.special.log_softmax(x, 1)", x=randn(3, 4))
op("rfft", "torch.view_as_real(torch.fft.rfft(x))", tol=(1e-5, 1e-5), x=randn(2, 8))
op("rfft_padded", "torch.view_as_real(torch.fft.rfft(x, 16))", tol=(1e-5, 1e-5), x=randn(2, 10))
op("irfft", "torch.fft.irfft(torch.fft.rfft(x))", tol=(1e-5, 1e-5), x=randn(2, 8))
op("fft", "torch.view_as_real(torch.fft.fft(x))", tol=(1e-5, 1e-5), x=randn(8))
op("ifft", "torch.view_as_real(torch.fft.ifft(torch.view_as_complex(x)))", tol=(1e-5, 1e-5), x=randn(8, 2))
op("fftfreq", "torch.fft.fftfreq(7, 0.5)", tol=(1e-6, 1e-6))
op("rfftfreq", "torch.fft.rfftfreq(8)", tol=(1e-6, 1e-6))
op("stft", "torch.view_as_real(torch.stft(x, 16, 8, window=torch.hann_window(16), return_complex=True))", tol=(1e-4, 1e-4), x=randn(48))
op("stft_not_centred", "torch.view_as_real(torch.stft(x, 12, 4, 8, window=torch.hann_window(8), center=False, return_complex=True))",
   tol=(1e-4, 1e-4), x=randn(40))
op("istft", "torch.istft(torch.stft(x, 16, 4, window=torch.hann_window(16), return_complex=True), 16, 4, window=torch.hann_window(16))",
   tol=(1e-4, 1e-4), x=randn(48))
op("complex", "torch.view_as_real(torch.complex(x, y))", x=randn(4), y=randn(4))
op("polar", "torch.view_as_real(torch.polar(x, y))", x=uniform(0.5, 2, 4), y=randn(4))
op("conj", "torch.view_as_real(torch.view_as_complex(x).conj().resolve_conj())", x=randn(4, 2))
