using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class Linalg
{
    public static CaseTable Table { get; } = new("linalg")
    {
        { "matmul", i => i["a"].matmul(i["b"]), i => matmul(i["a"], i["b"]) },
        { "matmul_vector", i => i["a"].matmul(i["b"]) },
        { "matmul_batched_broadcast", i => i["a"].matmul(i["b"]) },
        { "matmul_transposed", i => i["a"].matmul(i["b"]) },
        { "matmul_double", i => i["a"].matmul(i["b"]) },
        { "matmul_empty", i => i["a"].matmul(i["b"]) },
        { "mm", i => i["a"].mm(i["b"]), i => mm(i["a"], i["b"]) },
        { "bmm", i => i["a"].bmm(i["b"]), i => bmm(i["a"], i["b"]) },
        { "mv", i => i["a"].mv(i["b"]), i => mv(i["a"], i["b"]) },
        { "dot", i => i["a"].dot(i["b"]), i => dot(i["a"], i["b"]) },
        { "outer", i => i["a"].outer(i["b"]), i => outer(i["a"], i["b"]), i => i["a"].ger(i["b"]), i => ger(i["a"], i["b"]) },
        { "addmm", i => i["c"].addmm(i["a"], i["b"], 0.5f, 2f), i => addmm(i["c"], i["a"], i["b"], 0.5f, 2f) },
        { "addmv", i => i["c"].addmv(i["a"], i["b"]), i => addmv(i["c"], i["a"], i["b"], 1f, 1f) },
        { "baddbmm", i => i["c"].baddbmm(i["a"], i["b"], 1f, 0.5f), i => baddbmm(i["c"], i["a"], i["b"], 1f, 0.5f) },
        { "einsum", i => einsum("bij,bjk->bik", i["a"], i["b"]) },
        { "einsum_trace", i => einsum("ii->", i["a"]) },
        { "inner", i => i["a"].inner(i["b"]), i => inner(i["a"], i["b"]) },
        { "vdot", i => i["a"].vdot(i["b"]), i => vdot(i["a"], i["b"]) },
        { "tensordot", i => tensordot(i["a"], i["b"], [1, 2], [1, 0]), i => i["a"].tensordot(i["b"], [1, 2], [1, 0]) },
        { "addbmm", i => i["c"].addbmm(i["a"], i["b"]), i => addbmm(i["c"], i["a"], i["b"]) },
        { "addr", i => i["c"].addr(i["a"], i["b"]), i => addr(i["c"], i["a"], i["b"]) },
        { "matrix_power", i => i["a"].matrix_power(3), i => matrix_power(i["a"], 3) },
        { "logdet", i => logdet(i["a"].matmul(i["a"].T) + 3 * eye(3)), i => (i["a"].matmul(i["a"].T) + 3 * eye(3)).logdet() },
        { "qr_product", i => Product(linalg.qr(i["a"])) },
        { "svd_values", i => linalg.svd(i["a"]).Item2 },
        { "svdvals", i => linalg.svdvals(i["a"]) },
        { "eigh_values", i => linalg.eigh(i["a"] + i["a"].T).Item1 },
        { "eigvalsh", i => linalg.eigvalsh(i["a"] + i["a"].T) },
        { "trace", i => i["a"].trace(), i => trace(i["a"]) },
        { "kron", i => i["a"].kron(i["b"]), i => kron(i["a"], i["b"]) },
        { "sparse_mm", i => mm(Sparse(i, 3, 4), i["x"]), i => Sparse(i, 3, 4).matmul(i["x"]) },
        { "sparse_addmm", i => addmm(i["b"], Sparse(i, 3, 3), i["x"], 1f, 1f) },
        { "matmul_bfloat16", i => i["a"].matmul(i["b"]) },
        { "baddbmm_scaled", i => i["x"].baddbmm(i["a"], i["b"], 0.5f, 2f), i => baddbmm(i["x"], i["a"], i["b"], beta: 0.5f, alpha: 2f) },
        { "einsum_heads", i => einsum("bhqd,bhkd->bhqk", i["a"], i["b"]) },
        { "vector_norm", i => linalg.vector_norm(i["a"], 2.0) },
        { "matrix_norm", i => linalg.norm(i["a"]) },
        { "inv", i => linalg.inv(i["a"] + 4 * eye(3)), i => (i["a"] + 4 * eye(3)).inverse(), i => inverse(i["a"] + 4 * eye(3)) },
        { "det", i => linalg.det(i["a"]), i => i["a"].det(), i => det(i["a"]) },
        { "solve", i => linalg.solve(i["a"] + 4 * eye(3), i["b"]) },
        { "cholesky", i => linalg.cholesky(i["a"].matmul(i["a"].T) + 3 * eye(3)) },
        { "rfft_magnitude", i => fft.rfft(i["a"]).abs() },
        { "rfft_padded_magnitude", i => fft.rfft(i["a"], 16).abs() },
        { "fft_round_trip", i => fft.ifft(fft.fft_(i["a"])).real },
        { "stft_magnitude", i => stft(i["a"], 16, 8, window: hann_window(16), return_complex: true).abs() },
    };

    private static Tensor Sparse(CaseInputs i, long rows, long columns) => sparse_coo_tensor(i["i"], i["v"], [rows, columns]);

    // The factors alone may differ in signs.
    private static Tensor Product((Tensor, Tensor) factors) => factors.Item1.matmul(factors.Item2);
}
