namespace MlPerfEdu.Serving;

/// <summary>What a module offers for measuring, and what must be true of it.</summary>
public interface IKernels
{
    /// <summary>One per row of the module in serving.yaml, ready to be called.</summary>
    IEnumerable<Kernel> Kernels();

    IEnumerable<Invariant> Invariants();
}
