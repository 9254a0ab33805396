namespace MlPerfEdu.Roofline.Compare;

/// <summary>
/// How much of a change of the calibration kernels the steps follow: 1 when they slow down together, 0 when the steps do not notice.
/// It is not known beforehand, so a comparison must hold for every share from the least that the rounds themselves show up to 1.
/// </summary>
static class MachineShare
{
    // Standard errors below the slope that the rounds suggest.
    const double Caution = 2;

    // A machine that hardly varies within the runs shows nothing.
    const double LeastVariation = 0.01;

    public static double Least(params IReadOnlyList<StepSpeed> runs)
    {
        // Around the middle of each run, so that the difference between the runs, which is in question, does not count.
        (double Step, double Machine)[] rounds =
        [
            .. runs.SelectMany(run =>
            {
                var (step, machine) = (run.Rounds.Average(round => round.Step), run.Rounds.Average(round => round.Machine));
                return run.Rounds.Select(round => (round.Step - step, round.Machine - machine));
            }),
        ];
        var spread = rounds.Sum(round => round.Machine * round.Machine);
        if (spread < rounds.Length * LeastVariation * LeastVariation)
            return 0;
        var slope = rounds.Sum(round => round.Step * round.Machine) / spread;
        var rest = rounds.Sum(round => Math.Pow(round.Step - slope * round.Machine, 2)) / Math.Max(rounds.Length - runs.Count - 1, 1);
        return Math.Clamp(slope - Caution * Math.Sqrt(rest / spread), 0, 1);
    }
}
