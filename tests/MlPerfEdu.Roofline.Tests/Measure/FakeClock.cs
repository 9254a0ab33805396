using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Roofline.Tests.Measure;

sealed class FakeClock : IClock
{
    public double Seconds { get; set; }

    public double? QueuedSeconds { get; set; }
}
