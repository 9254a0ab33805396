using static MlPerfEdu.Workloads.Machine.KnownResults.KnownResult;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

/// <summary>What is known to hold, to fail, or to be worth knowing. An error is relative unless its reason says otherwise.</summary>
static class KnownResultsTable
{
    // Rounding of a sum grows with the root of its length.
    const double Fp32 = 1e-6;

    public static IReadOnlyList<KnownResult> All { get; } =
    [
        Passes("rmsnorm-backward-autograd", 1e-6, NormChecks.AgainstAutograd, "r(w dy - xc) in double precision is what autograd finds"),
        Passes("rmsnorm-backward-finite-differences", 1e-6, NormChecks.AgainstDifferences, "and what nudging each input finds"),
        Passes("rmsnorm-weight-finite-differences", 1e-6, NormChecks.WeightAgainstDifferences, "the weight's gradient, nudged alike"),
        Fails("rmsnorm-original-formula", 1e-6, NormChecks.Original, "the original's wr(dy - xc) is wrong where the weight is not 1"),
        Passes("rmsnorm-original-formula-weight-one", 1e-6, NormChecks.OriginalWithWeightOne,
            "with a weight of 1 it is right, so nobody noticed"),
        Passes("rmsnorm-backward-fp32", 1e-5, NormChecks.SinglePrecision, "single precision against double, at the original's size"),
        Passes("classifier-forward", 50 * Fp32, ClassifierChecks.Forward, "logits against double precision"),
        Fails("classifier-forward-zeros", 50 * Fp32, ClassifierChecks.ForwardOfZeros, "zeros instead of logits do not pass this bound"),
        Passes("classifier-forward-zeros-original-bound", 1, ClassifierChecks.ZerosUnderOriginalBound,
            "they pass the original's, an absolute error of 1"),
        Passes("classifier-backward", 200 * Fp32, ClassifierChecks.Backward,
            "gradients, sums over the whole vocabulary, against double precision"),
        Fails("classifier-backward-zeros", 200 * Fp32, ClassifierChecks.BackwardOfZeros, "zeros instead of gradients do not pass"),
        Passes("softmax-row-sums", 1e-5, ClassifierChecks.SoftmaxRowSums, "absolute: each row of probabilities adds up to 1"),
        Passes("softmax-relative-error", 1e-4, ClassifierChecks.SoftmaxError,
            "each probability against double precision, however small it is"),
        Passes("weights-seen-by-next-forward", 1e-5, WeightChecks.Written,
            "products read weights when they run: thrice the weights, thrice the result"),
        Fails("weights-seen-by-frozen-copy", 1e-5, WeightChecks.Frozen,
            "what was copied before keeps its weights, as a compiled model does"),
        Passes("product-fp32", 20 * Fp32, ProductChecks.SinglePrecision, "against double precision"),
        Passes("product-bf16", 1, ProductChecks.BrainFloatOfBound,
            "8 bits of mantissa, without AVX-512 of the sums too; in parts of the bound"),
        Fails("product-bf16-at-fp32-bound", 20 * Fp32, ProductChecks.BrainFloat, "8 bits of mantissa cannot pass for 24"),
        Informs("thread-count", SweepChecks.Threads, "seconds of one product by number of threads"),
        Informs("thread-priority", SweepChecks.Priorities, "seconds of one product by priority of its thread, lowest to highest"),
        Informs("thread-affinity", SweepChecks.Processors, "seconds of one product by the processor that its thread is bound to"),
        Informs("hardware-counters", HardwareCounters.Points, "whether a program may count processor cycles here"),
    ];
}
