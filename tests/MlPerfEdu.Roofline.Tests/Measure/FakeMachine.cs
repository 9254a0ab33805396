using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Measure;

/// <summary>A machine whose steps and calibration take as long as a test says.</summary>
sealed class FakeMachine : IStepSource, ICalibrator
{
    public FakeClock Clock { get; } = new();

    public int Batch => 8;

    /// <summary>Seconds of a step, by its batch and how many steps of that batch came before.</summary>
    public required Func<int, int, double> StepSeconds { get; init; }

    public double CalibrationSeconds { get; init; } = 0.01;

    public required StepCount Count { get; init; }

    /// <summary>What happened, in order: c for calibration, s for a step, d for a step of the doubled batch.</summary>
    public List<char> Log { get; } = [];

    public int Open { get; private set; }

    public List<int> Prepared { get; } = [];

    public IRunningStep Prepare(int batch)
    {
        Open++;
        Prepared.Add(batch);
        return new Running(this, batch);
    }

    public CalibrationSample Sample()
    {
        Log.Add('c');
        Clock.Seconds += CalibrationSeconds;
        return Tests.Sample.Calibration;
    }

    sealed class Running(FakeMachine machine, int batch) : IRunningStep
    {
        int steps;

        public StepCount Count => machine.Count;

        public void Step()
        {
            machine.Log.Add(batch == machine.Batch ? 's' : 'd');
            machine.Clock.Seconds += machine.StepSeconds(batch, steps++);
        }

        public void Dispose() => machine.Open--;
    }
}
