namespace MlPerfEdu.Roofline.Peaks;

public interface ICalibrator
{
    /// <summary>One round of the calibration kernels, some tens of milliseconds.</summary>
    CalibrationSample Sample();
}
