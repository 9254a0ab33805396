using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>What an operator costs before it computes anything, and memory before it is used.</summary>
sealed class OperatorPeaks(ITorchProbe torch, MachineFacts facts)
{
    const long LargeBytes = 64L << 20;

    public IEnumerable<PeakSeries> Run(Action<double> progress)
    {
        const int tensors = PeakTask.Discarded + PeakTask.Repeats;
        var bytes = Math.Min(LargeBytes, WorkingSets.Largest(facts) / tensors);
        // First of all: whatever libtorch frees later would be handed out here.
        var firstTouch = torch.FirstTouchSeconds(bytes, tensors).Skip(PeakTask.Discarded).Select(seconds => bytes / seconds);
        return
        [
            Large(PeakKind.FirstTouch, "tensor allocated and filled, in memory not used before, 4 bytes per element", () => 0).Of([.. firstTouch]),
            .. PeakTask.InTurn(
            [
                Large(PeakKind.AllocatedAgain, "tensor allocated, filled and freed, after one of that size was freed, 4 bytes per element",
                    () => bytes / torch.AllocatedAgainSeconds(bytes)),
                Large(PeakKind.Refilled, "tensor that exists filled again, 4 bytes per element", () => bytes / torch.RefillSeconds(bytes)),
                Small(PeakKind.SmallAllocation, "allocation of a tensor of 4 elements, freed", torch.SmallAllocationSeconds),
                Small(PeakKind.EmptyOperator, "addition of two tensors of 4 elements, freed", torch.EmptyOperatorSeconds),
            ], progress),
        ];

        PeakTask Large(PeakKind kind, string convention, Func<double> sample) =>
            new(kind, "", torch.Threads, bytes, PeakSeries.Bytes, convention, sample);
    }

    static PeakTask Small(PeakKind kind, string convention, Func<double> sample) =>
        new(kind, "", 1, 0, PeakSeries.Seconds, convention, sample);
}
