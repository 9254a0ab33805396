using MlPerfEdu.Data;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.State;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Progress;

/// <summary>Tells the download of several files as one piece of work.</summary>
sealed class FetchReporter(DataSetEntry entry, IRunProgress progress) : IProgress<FetchProgress>
{
    readonly Dictionary<string, long> _received = [];

    public void Report(FetchProgress value)
    {
        _received[value.File] = value.Received;
        var (received, total) = (_received.Values.Sum(), DataSizes.Published(entry) ?? value.Total);
        progress.Report("fetching", total > 0 ? (double)received / total : 0, $"{Units.Si(received, "B")} of {Units.Si(total, "B")}, {value.File}");
    }
}
