namespace MlPerfEdu.Serving.Calibration;

[Kernels("scale-calibration")]
public sealed class CalibrationKernels : IKernels
{
    const int Channels = 32;
    const int Bits = 8;
    const int RowsOfBatch = 16;

    public IEnumerable<Kernel> Kernels()
    {
        var batch = new RandomData(42).Normals(RowsOfBatch * Channels);
        const int most = RowsOfBatch * 1015;
        var filling = new PercentileCalibrator(Channels, Bits, 99.9, most);
        yield return new("record", () =>
        {
            if (filling.RowsSeen == most)
                filling.Reset();
            filling.Record(batch);
        }) { Bytes = sizeof(float) * (double)batch.Length };
        var scales = new float[Channels];
        foreach (var (operation, batches) in new[] { ("compute-scales", 1), ("compute-scales-16240", 1015) })
        {
            var calibrator = new PercentileCalibrator(Channels, Bits, 99.9, RowsOfBatch * batches);
            for (var index = 0; index < batches; index++)
                calibrator.Record(batch);
            yield return new(operation, () => calibrator.ComputeScales(scales));
        }
    }
}
