using MlPerfEdu.Roofline.Compare;

namespace MlPerfEdu.Cli.Page;

/// <summary>Everything that the page shows; its scripts read it as JSON with names in snake case.</summary>
/// <param name="Commit">Of the clone that wrote the page, as the newest row states it.</param>
/// <param name="Missing">Workloads and experiments without evidence.</param>
sealed record PageData(
    string Commit, IReadOnlyList<PageRow> Rows, IReadOnlyList<string> Missing, PagePredictions? Predictions, IReadOnlyList<PageTable> Tables);

/// <summary>One sidecar, as it is, and what is known of its run beside it.</summary>
/// <param name="Name">Of its file.</param>
/// <param name="Trust">maintainer, ci or student: where the file lay.</param>
/// <param name="Level">How far it can be believed.</param>
/// <param name="Stale">Its entry in workloads.yaml has changed since.</param>
/// <param name="Yaml">The entry's own lines: where its id, targets and budget are.</param>
/// <param name="Trivial">What needs no training, by its metric.</param>
/// <param name="Seeds">What the target was set from; absent without.</param>
/// <param name="Statistics">Of every group of raw samples, so that a changed one shows.</param>
/// <param name="History">The runs of this workload on this machine, oldest first.</param>
/// <param name="Packed">The bytes of the file, by gzip, in base64.</param>
sealed record PageRow(
    string Name, string Id, string Suite, string Trust, PageLevel Level, bool Stale, IReadOnlyList<YamlLine> Yaml, IReadOnlyDictionary<string, double> Trivial,
    PageSeeds? Seeds, IReadOnlyList<SampleStatistics> Statistics, IReadOnlyList<HistoryRun> History, IReadOnlyList<PageDiff> Diffs,
    IReadOnlyList<object> Drawings, string Packed);

/// <summary>A level of trust, and what it means.</summary>
sealed record PageLevel(string Name, string Meaning);

sealed record YamlLine(int Number, string Text);

sealed record PageSeeds(IReadOnlyList<long> Seeds, IReadOnlyList<double> Values);

/// <summary>A run against another one, in words.</summary>
/// <param name="Against">The other one: baseline or previous run.</param>
sealed record PageDiff(string Against, string Before, string After, string Headline, IReadOnlyList<PageChange> Changes);

sealed record PageChange(string Kind, string Text);

/// <summary>Steps as the zoo predicts them from counts and peaks, and as they were measured; in seconds.</summary>
sealed record PagePredictions(double? MedianErrorBefore, double? MedianErrorHeldOut, IReadOnlyList<PagePrediction> Steps);

sealed record PagePrediction(string Id, double Measured, double Before, double HeldOut, string Longest);

/// <summary>A table that a command wrote into a Markdown file.</summary>
/// <param name="Right">Which columns are numbers.</param>
sealed record PageTable(
    string Key, string Source, string Caption, IReadOnlyList<string> Columns, IReadOnlyList<bool> Right, IReadOnlyList<IReadOnlyList<string>> Rows);
