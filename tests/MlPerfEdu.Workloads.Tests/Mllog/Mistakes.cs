using System.Text.RegularExpressions;
using MlPerfEdu.Engine.Mllog;

namespace MlPerfEdu.Workloads.Tests.Mllog;

/// <summary>Mistakes that MLCommons' checkers reject in a package, and the code that ours gives them.</summary>
static partial class Mistakes
{
    static readonly Dictionary<string, (string Code, Action<ResultPackage> Make)> All = new()
    {
        ["no organisation"] = ("MLP1603", InAll(text => Without(text, "submission_org"))),
        ["an unknown division"] = ("MLP1604", InAll(text => text.Replace("\"value\":\"closed\"", "\"value\":\"ajar\""))),
        ["an unknown benchmark"] = ("MLP1604", InAll(text => text.Replace("\"value\":\"anomaly-ae-train\"", "\"value\":\"resnet\""))),
        ["the clock starts before initialisation has ended"] = ("MLP1604", InAll(text => Swapped(text, "init_stop", "run_start"))),
        ["initialisation takes five hours"] = ("MLP1604", InAll(text => At(text, "init_start", time => time - 5 * 3600 * 1000))),
        ["an end without a status"] = ("MLP1604", InAll(text => text.Replace("\"status\":\"success\",", ""))),
        ["success with a score below the target"] = ("MLP1604", InAll(text => text.Replace("\"value\":0.985", "\"value\":0.92"))),
        ["success with a score of another metric"] = ("MLP1604", InAll(text => text.Replace("\"metric\":\"auroc\",\"file\"", "\"metric\":\"accuracy\",\"file\""))),
        ["a score that says not after how many samples"] = ("MLP1604", InAll(text => EvaluatedSamples().Replace(text, "$1"))),
        ["no scores at all"] = ("MLP1603", InAll(text => Without(text, "eval_accuracy"))),
        ["no number of training samples"] = ("MLP1603", InAll(text => Without(text, "train_samples"))),
        ["two batch sizes"] = ("MLP1603", InAll(text => text.Replace(Line(text, "global_batch_size"), Line(text, "global_batch_size") + Line(text, "global_batch_size").Replace(":64,", ":32,")))),
        ["no end"] = ("MLP1603", InAll(text => Without(text, "run_stop"))),
        ["a decimal comma"] = ("MLP1601", InAll(text => text.Replace("\"value\":0.985", "\"value\":0,985"))),
        ["text after the JSON"] = ("MLP1601", InAll(text => text.Replace("\n", " ms\n"))),
        ["a line without metadata"] = ("MLP1601", InAll(text => text + ":::MLLOG {\"namespace\":\"\",\"time_ms\":1,\"event_type\":\"POINT_IN_TIME\",\"key\":\"seed\",\"value\":1}\n")),
        ["the same seed twice"] = ("MLP1606", package => Rewrite(SampleLogs.ResultsOf(package)[1], text => text.Replace("\"key\":\"seed\",\"value\":2", "\"key\":\"seed\",\"value\":1"))),
        ["a result is missing"] = ("MLP1605", package => File.Delete(SampleLogs.ResultsOf(package)[4])),
        ["a system that is not described"] = ("MLP1608", package => Rewrite(Directory.EnumerateFiles(Path.Combine(package.Folder, "systems")).Single(), text => text.Replace("\"submitter\"", "\"somebody\""))),
        ["another batch size in one run"] = ("MLP1607", package => Rewrite(SampleLogs.ResultsOf(package)[3], text => text.Replace("\"key\":\"global_batch_size\",\"value\":64", "\"key\":\"global_batch_size\",\"value\":32"))),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <returns>The code of the finding.</returns>
    public static string Make(string name, ResultPackage package)
    {
        All[name].Make(package);
        return All[name].Code;
    }

    // In two runs at least: one run of a result may fail, as the slowest of five.
    static Action<ResultPackage> InAll(Func<string, string> change) => package =>
    {
        foreach (var path in SampleLogs.ResultsOf(package))
            Rewrite(path, change);
    };

    static void Rewrite(string path, Func<string, string> change)
    {
        var before = File.ReadAllText(path);
        var after = change(before);
        Assert.NotEqual(before, after);
        File.WriteAllText(path, after);
    }

    static string Line(string text, string key) => text.Split('\n').First(line => line.Contains($"\"key\":\"{key}\"", StringComparison.Ordinal)) + "\n";

    static string Without(string text, string key) => string.Join('\n', text.Split('\n').Where(line => !line.Contains($"\"key\":\"{key}\"", StringComparison.Ordinal)));

    static string Swapped(string text, string first, string second) => text.Replace($"\"{first}\"", "\"?\"").Replace($"\"{second}\"", $"\"{first}\"").Replace("\"?\"", $"\"{second}\"");

    static string At(string text, string key, Func<long, long> move) =>
        text.Replace(Line(text, key), Time().Replace(Line(text, key), match => $"\"time_ms\":{move(long.Parse(match.Groups[1].Value))}"));

    [GeneratedRegex("\"time_ms\":([0-9]+)")]
    private static partial Regex Time();

    [GeneratedRegex("(\"key\":\"eval_accuracy\".*)\"samples_count\":[0-9]+,\"epoch_num\":[0-9]+,")]
    private static partial Regex EvaluatedSamples();
}
