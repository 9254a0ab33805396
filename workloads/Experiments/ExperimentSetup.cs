using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Workloads.Experiments;

/// <summary>What an experiment is built from: its entry, and what the system says about the machine.</summary>
public sealed record ExperimentSetup(ExperimentEntry Entry, MachineFacts Facts)
{
    public Geometry Geometry => Entry.Geometry;
}
