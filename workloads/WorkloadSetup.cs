using MlPerfEdu.Data;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads;

/// <summary>What a workload is built from: its entry, the data that was chosen for it, and where data lies.</summary>
public sealed record WorkloadSetup(WorkloadEntry Entry, DataChoice Choice, DataStore Store)
{
    public Recipe Recipe => Choice.Recipe;

    /// <summary>The samples of the chosen data set, by the reader that is registered for it in the Data library.</summary>
    public T Load<T>() where T : DataSet, ISamples => DataReaders.Find<T>(Choice.Dataset) is { } read
        ? read(Files())
        : throw new InvalidOperationException(
            $"Workload '{Entry.Id}' (workloads.yaml line {Choice.Line}) reads {T.Word}, and data set '{Choice.Dataset}' has none. " +
            "Name another data set, or write its reader.");

    /// <summary>For what needs no samples: everything is computed on the spot, so the real thing is always at hand.</summary>
    public Provenance Simulation() =>
        Files().Provenance(DataTier.Real, $"{Choice.Dataset}: simulated as it is defined, from the run's seed.");

    DataResolution Files() => Store.Resolve(Choice.Dataset).OrThrow();
}
