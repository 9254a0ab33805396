namespace MlPerfEdu.Roofline.Peaks;

/// <summary>The probes that need libtorch.</summary>
public interface ITorchProbe
{
    /// <summary>The engine in use, in words.</summary>
    string Backend { get; }

    int Threads { get; }

    void UseThreads(int threads);

    /// <summary>Why libtorch has no product of this type; null when it has one.</summary>
    string? Missing(GemmType type);

    /// <summary>Seconds of one product of two size × size matrices.</summary>
    double GemmSeconds(int size, GemmType type = GemmType.Fp32);

    /// <summary>Seconds of one operator on almost no data, as the mean of many.</summary>
    double EmptyOperatorSeconds();

    /// <summary>Seconds to allocate and fill each of so many tensors, all of them kept, so that none lies in memory used before.</summary>
    IReadOnlyList<double> FirstTouchSeconds(long bytes, int tensors);

    /// <summary>Seconds to allocate, fill and free a tensor, right after one of the same size was freed.</summary>
    double AllocatedAgainSeconds(long bytes);

    /// <summary>Seconds to fill a tensor that exists and was filled before.</summary>
    double RefillSeconds(long bytes);

    /// <summary>Seconds to allocate and free a tensor of almost no data, as the mean of many.</summary>
    double SmallAllocationSeconds();
}
