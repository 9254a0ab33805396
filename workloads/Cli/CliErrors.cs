using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads.Cli;

/// <summary>One method per message, one code per method; README.md has a heading for each, and codes are never reused.</summary>
static class CliErrors
{
    public static CliException UnknownWorkload(string id, IEnumerable<string> known) => Usage("MLP2002",
        $"found the workload id '{id}' → expected one of: {string.Join(", ", known)} → correct the id, or see `mlperfedu list`.");

    public static CliException UnknownSuite(string suite, IEnumerable<string> known) => Usage("MLP2003",
        $"found the suite '{suite}' → expected one of: {string.Join(", ", known)} → correct the name.");

    public static CliException NothingToRun() => Usage("MLP2004",
        "found neither an id nor a suite → expected what to run → name workloads, or add --suite NAME.");

    public static CliException DataSetNotOfWorkload(string dataset, WorkloadEntry entry) => Usage("MLP2005",
        $"found --dataset '{dataset}' → expected one of those of {entry.Id}: {string.Join(", ", entry.Data.Select(choice => choice.Dataset))} " +
        "→ correct it, or leave it out to use the first that is at hand.");

    public static CliException NotAWorkload(string id, IEnumerable<string> workloads) => Usage("MLP2015",
        $"found the experiment '{id}' → expected a workload: {string.Join(", ", workloads)} → name one of these; an experiment has no data and no regime.");

    public static CliException NothingAnswers(string scenario) => Usage("MLP2016",
        $"found --scenario {scenario} → expected a workload that answers queries → name one, or leave the option out: a training has no scenario.");

    public static CliException UnknownModule(string id, IEnumerable<string> known) => Usage("MLP2077",
        $"found the module '{id}' → expected one of: {string.Join(", ", known)} → correct it, or see `mlperfedu kernels list`.");

    public static CliException NotStarted(string program) => new(ExitCode.Environment, "MLP2078",
        $"found that '{program}' cannot be started → expected a Python with NumPy → install it, or name another after --beside.");

    public static CliException UnknownDataSet(string id, IEnumerable<string> known) => Usage("MLP2006",
        $"found the data set id '{id}' → expected one of: {string.Join(", ", known)} → correct the id, or see `mlperfedu data list`.");

    public static CliException NotFetchable(string id, string note) => new(ExitCode.Data, "MLP2007",
        $"found no address to fetch '{id}' from → expected a data set that may be downloaded → place its files by hand. {note}".TrimEnd());

    public static CliException NoSuchPath(string path) => Usage("MLP2008",
        $"found nothing at '{path}' → expected a sidecar or a folder of them → correct the path.");

    public static ErrorResult DataSetMissing(string id, string reason) => new("MLP2009", $"found no files of '{id}' → expected them here → {reason}", (int)ExitCode.Data);

    // MLP2010 is Repository's.

    public static CliException CatalogInvalid(IReadOnlyList<Diagnostic> mistakes, string file = "workloads.yaml") =>
        new(ExitCode.Environment, "MLP2011",
        $"found {mistakes.Count} mistake{(mistakes.Count == 1 ? "" : "s")} in {file} → expected a valid file → correct each line below.\n" +
        string.Join('\n', mistakes));

    public static CliException NoEvidence(string id, string machineClass) => new(ExitCode.Failed, "MLP2020",
        $"found no passing evidence of {id} on {machineClass} → expected a sidecar of a run that met its targets or checks → `mlperfedu run {id}` first.");

    public static CliException EvidenceDoesNotVerify(string path, IEnumerable<string> findings) => new(ExitCode.Failed, "MLP2021",
        $"found evidence that does not verify: {path} → expected a sidecar without findings → measure again; --force does not help here.\n" +
        string.Join('\n', findings));

    public static CliException OtherEntry(string path, string id) => new(ExitCode.Failed, "MLP2022",
        $"found {path}, measured for another wording of {id} → expected evidence of the entry as it is now in workloads.yaml " +
        $"→ `mlperfedu run {id}`, then accept again; --force does not help here.");

    public static CliException OtherWorkload(string path, string found, string id) => Usage("MLP2023",
        $"found {path}, evidence of {found} → expected evidence of {id} → name the other file or the other id.");

    public static CliException OtherMachineClass(string path, string found, string here) => new(ExitCode.Failed, "MLP2024",
        $"found {path}, measured on {found} → expected this machine's class, {here} → accept it on a machine of that class.");

    public static CliException VerdictFailed(string path, IEnumerable<string> failed) => new(ExitCode.Failed, "MLP2025",
        $"found {path} with a failed verdict ({string.Join("; ", failed)}) → expected every line met → improve the run, or accept it all the same with --force.");

    public static CliException MarkersMissing(string readme, string begin, string end) => new(ExitCode.Environment, "MLP2030",
        $"found no '{begin}' followed by '{end}' in {readme} → expected both, once each and in this order → put the two lines where the table belongs.");

    public static CliException UnknownDtype(string name, IEnumerable<string> known) => Usage("MLP2050",
        $"found the dtype '{name}' → expected one of: {string.Join(", ", known)} → correct the name.");

    public static CliException NoSidecars(string folder) => Usage("MLP2060",
        $"found no sidecar in '{folder}' → expected at least one, named as a run names it → correct the path, or `mlperfedu run` first.");

    public static CliException TwoWorkloads(string before, string id, string after, string other) => Usage("MLP2061",
        $"found evidence of {id} in '{before}' and of {other} in '{after}' → expected two runs of one workload " +
        "→ name the other file, or two folders.");

    public static CliException NothingToPlot() => Usage("MLP2062",
        "found nothing to plot → expected a sidecar or the id of something measured as workloads.yaml asks for it now, and that is drawn " +
        "→ `mlperfedu run` it first; what is not drawn has its tables in `mlperfedu show`.");

    static CliException Usage(string code, string message) => new(ExitCode.Usage, code, message);
}
