namespace MlPerfEdu.Workloads.LoadGen;

/// <summary>What is put under load: it answers samples, one after another.</summary>
public interface IQuerySystem
{
    /// <summary>How many different samples it knows.</summary>
    int Samples { get; }

    /// <summary>Answers one sample.</summary>
    /// <param name="tokenReady">Called when a token is ready; once, at the end, by a system whose answers have none.</param>
    void Answer(int sample, Action tokenReady);
}
