namespace MlPerfEdu.Roofline.Peaks;

/// <summary>The two probes that need libtorch.</summary>
public interface ITorchProbe
{
    /// <summary>The libtorch and BLAS in use, in words.</summary>
    string Backend { get; }

    int Threads { get; }

    /// <summary>Seconds of one product of two size × size matrices of fp32.</summary>
    double GemmSeconds(int size);

    /// <summary>Seconds of one operator on almost no data, as the mean of many.</summary>
    double EmptyOperatorSeconds();
}
