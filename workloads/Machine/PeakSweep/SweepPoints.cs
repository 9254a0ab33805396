namespace MlPerfEdu.Workloads.Machine.PeakSweep;

/// <summary>What the experiment measures, as evidence names it. Samples are in the order of the rounds, as many in each.</summary>
static class SweepPoints
{
    public const string Chain = "chain fp32";
    public const string Largest = "largest product fp32";
    public const string Floor = "empty operator";
    public const string Error = "error against double precision";
}
