namespace MlPerfEdu.Workloads.Cli.Verify;

/// <summary>One method per finding about workloads.yaml and its baselines; those about a sidecar itself are the library's.</summary>
static class VerifyFindings
{
    public static VerifyFinding SidecarElsewhere(string place, string found, string expected) => new("MLP2040",
        $"{place}: found evidence_sidecar '{found}' → expected a file in {expected} → `mlperfedu accept` writes it.", Fails: true);

    public static VerifyFinding SidecarMissing(string place, string path) => new("MLP2041",
        $"{place}: found no file {path} → expected the baseline's sidecar → restore it from the repository's history, or accept a new run.", Fails: true);

    public static VerifyFinding BlockDiffers(string place, string field, string found, string expected) => new("MLP2042",
        $"{place}: found {field} {found} → expected {expected}, as its sidecar says → do not edit the block by hand: accept a new run.", Fails: true);

    public static VerifyFinding EarlierEntry(string place, string id) => new("MLP2043",
        $"{place}: the baseline was measured for an earlier wording of the entry → expected one of the entry as it is → `mlperfedu run {id}`, then accept it.",
        Fails: false);

    public static VerifyFinding Unnamed(string path) => new("MLP2044",
        $"{path}: found a committed sidecar that workloads.yaml does not name, or an older one of an experiment → expected only baselines there → accept it or delete it.", Fails: false);
}
