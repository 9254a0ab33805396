using MlPerfEdu.Data;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads;

/// <summary>What a workload is built from: its entry, the data that was chosen for it, and where data lies.</summary>
public sealed record WorkloadSetup(WorkloadEntry Entry, DataChoice Choice, DataStore Store)
{
    public Recipe Recipe => Choice.Recipe;

    public string Dataset => Choice.Dataset;
}
