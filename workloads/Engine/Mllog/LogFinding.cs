namespace MlPerfEdu.Engine.Mllog;

/// <summary>Something that keeps a log, a package or a convergence from being accepted. README.md lists the codes.</summary>
/// <param name="Line">Absent where no single line is to blame.</param>
public sealed record LogFinding(string Code, string Path, int? Line, string Message)
{
    public override string ToString() => $"{Path}{(Line is { } line ? $"({line})" : "")}: error {Code}: {Message}";
}

/// <summary>One method per message, one code per method.</summary>
static class LogFindings
{
    const string WriteAgain = "write the log again with `run --mllog`";

    public static LogFinding NotALine(string path, int line, string why) => new("MLP1601", path, line,
        $"found a line that cannot be read ({why}) → expected ':::MLLOG ' and one JSON object with time_ms, key, value and metadata → {WriteAgain}.");

    public static LogFinding NoLines(string path) => new("MLP1602", path, null,
        $"found no line with ':::MLLOG ' → expected the log of a run → {WriteAgain}.");

    public static LogFinding Count(string path, string key, int found, string expected) => new("MLP1603", path, null,
        $"found {found} of '{key}' → expected {expected} → {WriteAgain}.");

    public static LogFinding Rule(string path, MllogLine line, string expected) => new("MLP1604", path, line.Number,
        $"found {line} → expected {expected} → {WriteAgain}; do not edit it.");

    public static LogFinding Results(string folder, int found, int expected) => new("MLP1605", folder, null,
        $"found {found} file{(found == 1 ? "" : "s")} named result_N.txt → expected {expected}, one for each seed → run with --seeds 1..{expected}.");

    public static LogFinding Seed(string path, MllogLine line, string other) => new("MLP1606", path, line.Number,
        $"found seed {line.Value.GetRawText()}, which {other} has, too → expected another seed in every run → run with --seeds.");

    public static LogFinding Differs(string path, string key, string found, string expected) => new("MLP1607", path, null,
        $"found {key} {found} → expected {expected}, as in its folder and in the other runs → keep the runs of one benchmark together.");

    public static LogFinding System(string path, string found) => new("MLP1608", path, null,
        $"found {found} → expected a description of the system with all its fields → `run --mllog` writes it.");

    public static LogFinding NoReference(PackagedResult result) => new("MLP1609", result.Folder, null,
        $"found no reference convergence of {result.Benchmark} on {result.DataSet ?? "unknown data"} with batches of {result.Batch ?? 0} or more → expected one to compare with "
        + $"→ if these runs are its reference, write `samples: [{string.Join(", ", result.Convergences)}]` beside their seeds in workloads.yaml.");

    public static LogFinding NotConverged(string folder, int found) => new("MLP1610", folder, null,
        $"found {found} runs that missed their target → expected at most one → the recipe does not reach the target reliably.");

    public static LogFinding TooFast(string folder, double found, double least, double mean) => new("MLP1611", folder, null,
        $"found a mean of {found:N0} samples to converge → expected at least {least:N0}, the least that chance allows for a reference with a mean of {mean:N0} "
        + "→ look for what makes it learn from less: other data, another recipe, or scores of another split.");
}
