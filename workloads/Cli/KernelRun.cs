namespace MlPerfEdu.Cli;

sealed record KernelRun(IReadOnlyList<MeasuredModule> Modules, Roofs Roofs)
{
    // All modules and the roofs in each round: other programs seldom use the processor for as long as a round takes.
    public static KernelRun Measure(
        IReadOnlyList<KernelModule> modules, MachineFacts facts, OriginalProcess? original, IRunProgress progress, CancellationToken stop)
    {
        List<ModuleMeasurement> measured = [];
        var roofs = Roofs.Measure(facts);
        for (var round = 0; round < LatencyMeter.Rounds; round++)
        {
            for (var at = 0; at < modules.Count; at++)
            {
                var phase = round == 0 ? "warming up" : "sampling";
                var done = round == 0 ? at : (round - 1) * modules.Count + at;
                progress.Report(phase, (double)done / (round == 0 ? 1 : LatencyMeter.Rounds - 1) / modules.Count, modules[at].Id);
                if (round == 0)
                    measured.Add(new(modules[at], new(), original, stop));
                measured[at].AddRound();
            }
            roofs = roofs.Or(Roofs.Measure(facts));
        }
        return new([.. measured.Select(one => new MeasuredModule(one.Module, one.Rows))], roofs);
    }
}

sealed record MeasuredModule(KernelModule Module, IReadOnlyList<MeasuredRow> Rows);
