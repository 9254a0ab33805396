using MlPerfEdu.Numerics;
using MlPerfEdu.Roofline.Torch;

namespace MlPerfEdu.Cli;

/// <summary>The exit codes of the process; README.md and every command's help explain them.</summary>
enum ExitCode
{
    Ok = 0,
    Failed = 1,
    Usage = 2,
    Data = 3,
    Environment = 4,
    Internal = 5,
    Interrupted = 130,
}

/// <summary>What an exception means to the user: an exit code, a stable code and a message.</summary>
sealed record Failure(ExitCode Exit, string Code, string Message)
{
    public static Failure Of(Exception error, CancellationToken stop) => error switch
    {
        // Ctrl-C reaches child processes, too: their broken output is no failure of its own.
        _ when stop.IsCancellationRequested => Interrupted,
        AggregateException { InnerExceptions: [var only] } => Of(only, stop),
        TypeInitializationException { InnerException: { } inner } => Of(inner, stop),
        CliException e => new(e.Exit, e.Code, e.Message),
        SizeException e => new(ExitCode.Environment, e.Code, e.Message),
        RunException e => new(ExitOf(e), e.Code, e.Message),
        EnvironmentProblem e => new(ExitCode.Environment, e.Code, Without(e.Code, e.Message)),
        DataException e => new(ExitCode.Data, e.Code, Without(e.Code, e.Message)),
        KernelException e => new(ExitCode.Usage, e.Code, e.Message),
        ZooException e => new(ExitCode.Usage, e.Code, e.Message),
        CatalogException e => new(ExitCode.Environment, e.Problems[0].Code, e.Message),
        EvidenceException e => new(ExitCode.Failed, e.Findings.Count > 0 ? e.Findings[0].Code : "MLP3002", e.Message),
        LibtorchException e => new(ExitCode.Environment, LibtorchException.Code, e.Message),
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException => new(ExitCode.Environment, "MLP2012",
            $"found that a native library cannot be used ({error.Message}) → expected libtorch and its companions " +
            "→ `mlperfedu doctor` says what is missing."),
        OutOfMemoryException => new(ExitCode.Environment, "MLP2013",
            "found that memory ran out → expected enough for the workload → close other programs or choose a smaller workload."),
        UnauthorizedAccessException or IOException => new(ExitCode.Environment, "MLP2014",
            $"found that a file cannot be used ({error.Message}) → expected readable files, a writable clone and free disk space " +
            "→ correct that and try again."),
        _ => new(ExitCode.Internal, "MLP2099",
            $"this is our bug: {error.GetType().Name}: {error.Message} " +
            "→ please report it with the command line; --verbose shows where it happened."),
    };

    public override string ToString() => $"error {Code}: {Message}";
    public ErrorResult Result => new(Code, Message, (int)Exit);

    public static Failure Interrupted { get; } = new(ExitCode.Interrupted, "MLP2098",
        "stopped on request → nothing is half-written → run the command again to go on.");

    static ExitCode ExitOf(RunException error) => error.Code switch
    {
        "MLP1502" => ExitCode.Data,
        "MLP1503" or "MLP1536" => ExitCode.Usage,
        // A loss that stops being a number is a verdict on the recipe.
        "MLP1504" => ExitCode.Failed,
        _ => ExitCode.Environment,
    };

    // Some libraries begin the message with its code.
    static string Without(string code, string message) =>
        message.StartsWith($"{code}: ", StringComparison.Ordinal) ? message[(code.Length + 2)..] : message;
}

sealed record ErrorResult(string Code, string Message, int ExitCode);

/// <summary>A command cannot do its work; made only by <see cref="CliErrors"/>.</summary>
sealed class CliException(ExitCode exit, string code, string message) : Exception(message)
{
    public ExitCode Exit { get; } = exit;
    public string Code { get; } = code;
}

/// <summary>One method per message, one code per method; README.md has a heading for each, and codes are never reused.</summary>
static class CliErrors
{
    // The command line. MLP2001 is CommandLine's.
    public static CliException UnknownWorkload(string id, IEnumerable<string> known) => Usage("MLP2002",
        $"found the workload id '{id}' → expected one of: {string.Join(", ", known)} → {Spelling.Advice(id, known, "correct the id, or see `mlperfedu list`.")}");
    public static CliException UnknownSuite(string suite, IEnumerable<string> known) => Usage("MLP2003",
        $"found the suite '{suite}' → expected one of: {string.Join(", ", known)} → {Spelling.Advice(suite, known, "correct the name.")}");
    public static CliException NothingToRun() => Usage("MLP2004",
        "found neither an id nor a suite → expected something to run → name workloads, or add --suite NAME.");
    public static CliException DataSetNotOfWorkload(string dataset, WorkloadEntry entry) => Usage("MLP2005",
        $"found --dataset '{dataset}' → expected one of those of {entry.Id}: " +
        $"{string.Join(", ", entry.Data.Select(choice => choice.Dataset))} → correct it, or leave it out to use the first that is available.");
    public static CliException UnknownDataSet(string id, IEnumerable<string> known) => Usage("MLP2006",
        $"found the data set id '{id}' → expected one of: {string.Join(", ", known)} → {Spelling.Advice(id, known, "correct the id, or see `mlperfedu data list`.")}");
    public static CliException NoSuchPath(string path) => Usage("MLP2008",
        $"found nothing at '{path}' → expected a sidecar or a folder of them → correct the path.");
    public static CliException NotAWorkload(string id, IEnumerable<string> workloads) => Usage("MLP2015",
        $"found the experiment '{id}' → expected a workload: {string.Join(", ", workloads)} " +
        "→ name one of these; an experiment has neither data nor a regime.");
    public static CliException NothingAnswers(string scenario) => Usage("MLP2016",
        $"found --scenario {scenario} → expected a workload that answers queries → name one, or leave the option out: training has no scenario.");
    public static CliException NoRate(string option, string found) => Usage("MLP2051",
        $"found {option} for {found} → expected one workload that answers queries, in the server scenario → name one, and add --scenario server if that is not its own.");
    public static CliException NoAnswers(string found) => Usage("MLP2052",
        $"found --accuracy for {found} → expected one workload that answers queries → name one.");
    public static CliException UnknownDtype(string name, IEnumerable<string> known) => Usage("MLP2050",
        $"found the dtype '{name}' → expected one of: {string.Join(", ", known)} → {Spelling.Advice(name, known, "correct the name.")}");
    public static CliException UnknownModule(string id, IEnumerable<string> known) => Usage("MLP2077",
        $"found the module '{id}' → expected one of: {string.Join(", ", known)} → {Spelling.Advice(id, known, "correct it, or see `mlperfedu kernels list`.")}");

    public static CliException NotTrained(string id, IEnumerable<string> trained) => Usage("MLP2017",
        $"found --like {id}, which trains nothing → expected one of: {string.Join(", ", trained)} → name one of these.");
    public static CliException NewEntryInvalid(string id, Diagnostic mistake) => Usage("MLP2018",
        $"found that '{id}' cannot be a workload ({mistake.Message}) → expected an id of its own, in lower-case words joined by '-' → choose another.");
    public static CliException FolderTaken(string folder) => Usage("MLP2019",
        $"found the folder {folder} already there → expected none → choose another id, or remove the folder if it is left from an earlier try.");

    public static CliException NoLog(string path) => Usage("MLP2093",
        $"found nothing at '{path}' → expected a log or a folder that `run --mllog` wrote → correct the path.");
    public static CliException ResultsPresent(IEnumerable<string> folders) => Usage("MLP2094",
        $"found results of earlier runs in {string.Join(" and ", folders)} → expected a folder without results of these workloads, so that no two sets of runs are mixed " +
        "→ name another folder after --mllog, or remove those results.");

    public static CliException NothingToWatch(string id, int? seed) => Usage("MLP2095",
        $"found neither a log nor evidence of {id}{(seed is { } of ? $" with seed {of}" : "")} → expected a run, now or earlier → `mlperfedu run {id}`, and watch it from another terminal.");

    // Data, files and tools. MLP2010 is Repository's.
    public static CliException NotFetchable(string id, string note) => new(ExitCode.Data, "MLP2007",
        $"found no address to download '{id}' from → expected a data set that may be downloaded " +
        $"→ put its files in place by hand. {note}".TrimEnd());
    public static ErrorResult DataSetMissing(string id, string reason) => new("MLP2009",
        $"found no files of '{id}' → expected them here → {reason}", (int)ExitCode.Data);
    public static CliException CatalogInvalid(IReadOnlyList<Diagnostic> mistakes, string file = "workloads.yaml") =>
        new(ExitCode.Environment, "MLP2011",
        $"found {mistakes.Count} mistake{(mistakes.Count == 1 ? "" : "s")} in {file} → expected a valid file → correct each line below.\n" +
        string.Join('\n', mistakes));
    public static CliException MarkersMissing(string readme, string begin, string end) => new(ExitCode.Environment, "MLP2030",
        $"found no '{begin}' followed by '{end}' in {readme} → expected both, once each and in this order " +
        "→ put the two lines where the table belongs.");
    public static CliException OtherSetup(string found, string expected) => new(ExitCode.Environment, "MLP2085",
        $"found a table of '{found}' → expected one of '{expected}', as this comparison was: its rows are measured alike "
        + "→ leave the ids out, so that all rows are measured anew.");
    public static CliException NotStarted(string program) => new(ExitCode.Environment, "MLP2078",
        $"found that '{program}' cannot be started → expected a Python with NumPy → install it, or name another after --beside.");

    // Labs and grading.
    public static CliException UnknownLab(string id, IEnumerable<string> known) => Usage("MLP2086",
        $"found the lab '{id}' → expected one of: {string.Join(", ", known)} → {Spelling.Advice(id, known, "correct the id, or see `mlperfedu lab`.")}");
    public static CliException AnsweredAfterTheRun(string id, string sidecar) => Usage("MLP2087",
        $"found answers for {id} after its run ({sidecar}) → expected them before → `mlperfedu lab {id}` shows that run; " +
        "--again runs once more, but the first answers are the ones that are graded.");
    public static CliException NoAnswer(string id) => Usage("MLP2088",
        $"found the end of the input instead of an answer → expected one for each question → answer on a terminal, or fill in " +
        $"`mlperfedu lab {id} --blank` and name that file after --answers.");
    public static CliException NoSuchFolder(string path) => Usage("MLP2089",
        $"found no folder '{path}' → expected the folder of a submission, or one with a folder for each student → correct the path.");
    public static CliException NoClassroom(IEnumerable<string> missing) => new(ExitCode.Environment, "MLP2090",
        $"found no {string.Join(", ", missing)} in the environment → expected the variables that Classroom 50's runner sets " +
        "→ run this from its autograder.py, or choose --format csv or gradescope.");

    // Evidence.
    public static CliException NoEvidence(string id, string machineClass) => new(ExitCode.Failed, "MLP2020",
        $"found no passing evidence of {id} on {machineClass} → expected a sidecar of a run that met its targets or checks " +
        $"→ `mlperfedu run {id}` first.");
    public static CliException EvidenceDoesNotVerify(string path, IEnumerable<string> findings) => new(ExitCode.Failed, "MLP2021",
        $"found evidence that does not verify: {path} → expected a sidecar without findings → measure again; --force does not help here.\n" +
        string.Join('\n', findings));
    public static CliException OtherEntry(string path, string id) => new(ExitCode.Failed, "MLP2022",
        $"found {path}, measured for an earlier version of the entry {id} → expected evidence of the entry as workloads.yaml has it now " +
        $"→ `mlperfedu run {id}`, then accept again; --force does not help here.");
    public static CliException OtherWorkload(string path, string found, string id) => Usage("MLP2023",
        $"found {path}, evidence of {found} → expected evidence of {id} → name the other file or the other id.");
    public static CliException OtherMachineClass(string path, string found, string here) => new(ExitCode.Failed, "MLP2024",
        $"found {path}, measured on {found} → expected this machine's class, {here} → accept it on a machine of that class.");
    public static CliException VerdictFailed(string path, IEnumerable<string> failed) => new(ExitCode.Failed, "MLP2025",
        $"found {path} with a failed verdict ({string.Join("; ", failed)}) → expected every line met " +
        "→ improve the run, or accept it anyway with --force.");
    public static CliException WeakerData(string path, DataUse found, DataUse kept) => new(ExitCode.Failed, "MLP2026",
        $"found {path}, run on {found.Dataset} ({found.Tier}) → expected data as good as the baseline's, {kept.Dataset} ({kept.Tier}) " +
        $"→ run it with --dataset {kept.Dataset} and accept that, or accept this one anyway with --force.");
    public static CliException NotReplayable(string path, string obstacle) => new(ExitCode.Failed, "MLP2027",
        $"found that {path} cannot be replayed ({obstacle}) → expected a run of a workload that holds and whose entry is the current one " +
        "→ name another sidecar, or verify it without --replay.");
    public static CliException NothingToReplay() => Usage("MLP2028",
        "found --replay or --replay-steps without a path → expected the sidecar to replay → name it, or a folder of few.");
    public static CliException NoSidecars(string folder) => Usage("MLP2060",
        $"found no sidecar in '{folder}' → expected at least one, with its original name → correct the path, or `mlperfedu run` first.");
    public static CliException TwoWorkloads(string before, string id, string after, string other) => Usage("MLP2061",
        $"found evidence of {id} in '{before}' and of {other} in '{after}' → expected two runs of one workload " +
        "→ name the other file, or two folders.");
    public static CliException NothingToPlot() => Usage("MLP2062",
        "found nothing to plot → expected a sidecar, or an id with evidence of its current entry in workloads.yaml and a plot of its own " +
        "→ `mlperfedu run` it first; `mlperfedu show` has the tables of entries without a plot.");

    static CliException Usage(string code, string message) => new(ExitCode.Usage, code, message);
}
