namespace MlPerfEdu.Engine.Compare;

/// <summary>What keeps a comparison from being made; workloads/Cli/README.md lists the codes.</summary>
static class CompareErrors
{
    public static EnvironmentProblem NoPyTorch(IEnumerable<string> tried) => new("MLP2070",
        $"found no Python that imports torch ({string.Join("; ", tried)}) → expected PyTorch to compare with → install it " +
        "(Debian and Ubuntu: apt-get install python3-torch; elsewhere: pip install torch) " +
        $"or point {PythonFinder.Variable} at the Python that has it.");
    public static EnvironmentProblem NoTwin(string id, string path) => new("MLP2071",
        $"found no twin of {id} at '{path}' → expected the same step in plain PyTorch " +
        "→ write it there as workloads/README.md says, or name another workload.");
    public static EnvironmentProblem NoBook(string id, string kind) => new("MLP2079",
        $"found nothing of {id} that is written by the book → expected its class to be an {kind} → write that, or name another workload.");
    public static EnvironmentProblem Ended(string script, int exit, string last) => new("MLP2072",
        $"found that '{script}' ended with exit code {exit} → expected it to answer until it is stopped " +
        $"→ correct the twin. Its last lines:\n{last}");
    public static EnvironmentProblem Silent(string script, TimeSpan patience, string last) => new("MLP2073",
        $"found no answer of '{script}' within {patience.TotalSeconds:0} s → expected one for each turn " +
        "→ look for an endless loop in it." +
        (last.Length > 0 ? $" Its last lines:\n{last}" : ""));
    public static EnvironmentProblem Unreadable(string script, string line, string expected) => new("MLP2074",
        $"found the answer '{line}' of '{script}' → expected {expected} → correct the twin, or workloads/Engine/Compare/host.py.");
    public static EnvironmentProblem OtherThreads(string script, int found, int expected) => new("MLP2075",
        $"found '{script}' on {found} threads → expected {expected}, as many as this program uses " +
        "→ remove the twin's own setting: the host sets the number of threads.");
    public static EnvironmentProblem OtherModel(string script, long found, long expected) => new("MLP2076",
        $"found {found} parameters in the model of '{script}' → expected {expected}, as workloads.yaml declares " +
        "→ correct the twin: it is another model.");
}
