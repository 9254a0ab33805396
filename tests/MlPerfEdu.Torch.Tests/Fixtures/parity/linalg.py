"""Products of matrices, and transforms."""

import torch

from .group import Group
from .inputs import given, randn

group = Group("linalg")
op = group.op
PRODUCT = (2e-6, 2e-5)

op("matmul", "a @ b", tol=PRODUCT, a=randn(3, 4), b=randn(4, 5))
op("matmul_vector", "a @ b", tol=PRODUCT, a=randn(3, 4), b=randn(4))
op("matmul_batched_broadcast", "torch.matmul(a, b)", tol=PRODUCT, a=randn(2, 1, 3, 4), b=randn(3, 4, 2))
op("matmul_transposed", "a @ b", tol=PRODUCT, a=randn(3, 4).transposed(), b=randn(4, 5).transposed())
op("matmul_double", "a @ b", a=randn(3, 4, dtype=torch.float64), b=randn(4, 5, dtype=torch.float64))
op("matmul_empty", "a @ b", a=randn(3, 0), b=randn(0, 2))
op("mm", "torch.mm(a, b)", tol=PRODUCT, a=randn(3, 4), b=randn(4, 5))
op("bmm", "torch.bmm(a, b)", tol=PRODUCT, a=randn(2, 3, 4), b=randn(2, 4, 5))
op("mv", "torch.mv(a, b)", tol=PRODUCT, a=randn(3, 4), b=randn(4))
op("dot", "torch.dot(a, b)", tol=PRODUCT, a=randn(6), b=randn(6))
op("outer", "torch.outer(a, b)", a=randn(3), b=randn(4))
op("addmm", "torch.addmm(c, a, b, beta=0.5, alpha=2)", tol=PRODUCT, c=randn(3, 5), a=randn(3, 4), b=randn(4, 5))
op("addmv", "torch.addmv(c, a, b)", tol=PRODUCT, c=randn(3), a=randn(3, 4), b=randn(4))
op("baddbmm", "torch.baddbmm(c, a, b, beta=1, alpha=0.5)", tol=PRODUCT, c=randn(2, 3, 5), a=randn(2, 3, 4), b=randn(2, 4, 5))
op("einsum", "torch.einsum('bij,bjk->bik', a, b)", tol=PRODUCT, a=randn(2, 3, 4), b=randn(2, 4, 2))
op("einsum_trace", "torch.einsum('ii->', a)", tol=PRODUCT, a=randn(3, 3))
op("trace", "torch.trace(a)", a=randn(3, 3))
op("kron", "torch.kron(a, b)", a=randn(2, 2), b=randn(1, 3))
op("vector_norm", "torch.linalg.vector_norm(a, 2.0)", a=randn(6))
op("matrix_norm", "torch.linalg.norm(a)", a=randn(3, 4))
op("inv", "torch.linalg.inv(a + 4 * torch.eye(3))", tol=(1e-5, 1e-4), a=randn(3, 3))
op("det", "torch.linalg.det(a)", tol=(1e-5, 1e-4), a=randn(3, 3))
op("solve", "torch.linalg.solve(a + 4 * torch.eye(3), b)", tol=(1e-5, 1e-4), a=randn(3, 3), b=randn(3, 2))
op("cholesky", "torch.linalg.cholesky(a @ a.T + 3 * torch.eye(3))", tol=(1e-5, 1e-4), a=randn(3, 3))
op("rfft_magnitude", "torch.fft.rfft(a).abs()", tol=(1e-5, 1e-5), a=randn(2, 8))
op("rfft_padded_magnitude", "torch.fft.rfft(a, 16).abs()", tol=(1e-5, 1e-5), a=randn(2, 10))
op("fft_round_trip", "torch.fft.ifft(torch.fft.fft(a)).real", tol=(1e-5, 1e-5), a=randn(8))
op("stft_magnitude", "torch.stft(a, 16, 8, window=torch.hann_window(16), return_complex=True).abs()", tol=(1e-4, 1e-4), a=randn(48))
op("inner", "torch.inner(a, b)", tol=PRODUCT, a=randn(2, 3), b=randn(4, 3))
op("vdot", "torch.vdot(a, b)", tol=PRODUCT, a=randn(6), b=randn(6))
op("tensordot", "torch.tensordot(a, b, ([1, 2], [1, 0]))", tol=PRODUCT, a=randn(2, 3, 4), b=randn(4, 3))
op("addbmm", "torch.addbmm(c, a, b)", tol=PRODUCT, c=randn(3, 2), a=randn(2, 3, 4), b=randn(2, 4, 2))
op("addr", "torch.addr(c, a, b)", tol=PRODUCT, c=randn(3, 2), a=randn(3), b=randn(2))
op("matrix_power", "torch.matrix_power(a, 3)", tol=(1e-5, 1e-4), a=randn(3, 3))
op("logdet", "torch.logdet(a @ a.T + 3 * torch.eye(3))", tol=(1e-5, 1e-4), a=randn(3, 3))
op("qr_product", "torch.matmul(*torch.linalg.qr(a))", tol=(1e-5, 1e-4), a=randn(4, 3))
op("svd_values", "torch.linalg.svd(a)[1]", tol=(1e-5, 1e-4), a=randn(4, 3).const())
op("svdvals", "torch.linalg.svdvals(a)", tol=(1e-5, 1e-4), a=randn(4, 3))
op("eigh_values", "torch.linalg.eigh(a + a.T)[0]", tol=(1e-5, 1e-4), a=randn(3, 3).const())
op("eigvalsh", "torch.linalg.eigvalsh(a + a.T)", tol=(1e-5, 1e-4), a=randn(3, 3))
op("sparse_mm", "torch.mm(torch.sparse_coo_tensor(i, v, (3, 4)), x)", tol=PRODUCT,
   i=given([[0, 0, 2, 1], [1, 3, 0, 1]], torch.int64), v=randn(4).const(), x=randn(4, 2))
op("sparse_addmm", "torch.addmm(b, torch.sparse_coo_tensor(i, v, (3, 3)), x)", tol=PRODUCT,
   i=given([[0, 1, 2, 2], [1, 0, 2, 2]], torch.int64), v=randn(4).const(), x=randn(3, 2), b=randn(3, 2))
op("matmul_bfloat16", "torch.matmul(a, b)", tol=(5e-2, 2e-2), a=randn(3, 4, dtype=torch.bfloat16), b=randn(4, 2, dtype=torch.bfloat16))
op("baddbmm_scaled", "torch.baddbmm(x, a, b, beta=0.5, alpha=2)", tol=PRODUCT, x=randn(2, 3, 2), a=randn(2, 3, 4), b=randn(2, 4, 2))
op("einsum_heads", "torch.einsum('bhqd,bhkd->bhqk', a, b)", tol=PRODUCT, a=randn(1, 2, 3, 4), b=randn(1, 2, 5, 4))
