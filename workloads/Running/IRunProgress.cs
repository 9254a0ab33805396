namespace MlPerfEdu.Workloads.Running;

/// <summary>Where a long run talks to: a phase has a name, a share done between 0 and 1, and a line such as the current score beside the target.</summary>
public interface IRunProgress
{
    void Report(string phase, double share, string detail);
}
