namespace MlPerfEdu.Roofline.Measure;

public interface IClock
{
    /// <summary>Since some fixed moment; never goes back.</summary>
    double Seconds { get; }

    /// <summary>How long threads of this process were ready to run and had no core, summed; absent where the system does not say.</summary>
    double? QueuedSeconds { get; }
}
