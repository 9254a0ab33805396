using System.Runtime.InteropServices;

namespace MlPerfEdu.Engine;

/// <summary>What keeps a workload from running; codes are listed in workloads/README.md.</summary>
public sealed class RunException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}

static class RunErrors
{
    public static RunException NoImplementation(string id, string kind) =>
        new("MLP1501", $"found no class for '{id}' → expected one below workloads/ that is marked [Workload(\"{id}\")] and is an {kind} → write it, or remove the entry.");

    public static RunException NoData(string id, IEnumerable<string> reasons) =>
        new("MLP1502", $"found none of the data sets of '{id}' ({string.Join("; ", reasons)}) → expected one of them → `mlperfedu data list` shows what is missing, `data fetch` gets it.");

    public static RunException UnknownDataset(string id, string dataset, IEnumerable<string> known) =>
        new("MLP1503", $"found the data set '{dataset}', which '{id}' does not list → expected one of {string.Join(", ", known)} → pass one of these, or none.");

    public static RunException LossNotFinite(string id, long step, float loss) =>
        new("MLP1504", $"found a loss of {loss} at step {step} of '{id}' → expected a finite number → lower recipe.learning_rate or set recipe.clip_norm in workloads.yaml.");

    public static RunException MissingMetric(string id, string metric, IEnumerable<string> known) =>
        new("MLP1505", $"found a target on '{metric}', which '{id}' does not measure → expected one of {string.Join(", ", known)} → correct the entry in workloads.yaml.");

    public static double Metric(string id, IReadOnlyDictionary<string, double> metrics, string name) =>
        metrics.TryGetValue(name, out var value) ? value : throw MissingMetric(id, name, metrics.Keys);

    public static RunException DoesNotFit(ModelEntry entry, Exception found) =>
        new("MLP1506", $"workloads.yaml({entry.Line}): found that '{entry.Id}' cannot be built or take its first step ({FirstLine(found.Message)}) "
            + "→ expected sizes, a recipe and a model that fit one another and the data → correct the entry or its model; if both are as committed, please report this.", found);

    public static RunException NoRoom(string folder, string found, string enough) =>
        new("MLP1507", $"found that evidence cannot be kept in '{folder}' ({found}) → expected a folder that can be written to, with {enough} free "
            + "→ correct its permissions, remove what stands in its way, or free some disk; nothing was run yet.");

    public static RunException NoBf16(string id, IEnumerable<string> able) =>
        new("MLP1508", $"found precision bf16 at '{id}', whose products are all fp32 → expected it at one of {string.Join(", ", able)} "
            + "→ delete `precision` in workloads.yaml, or multiply through ModelProducts and mark the class HasBf16.");

    public static RunException OtherParameters(WorkloadEntry entry, long built) =>
        new("MLP1509", $"workloads.yaml({entry.Line}): found that the model of '{entry.Id}' has {built} parameters → expected params: {entry.Params} "
            + "→ correct the entry: its geometry or, if the model is as you want it, params; nothing was trained yet.");

    public static RunException NotShallow(string id, int asked, int? layers) =>
        new("MLP1512", $"found shallow_layers: {asked} at '{id}', whose model {(layers is { } count ? $"has {count} layers" : "cannot train with fewer layers than it has")} "
            + $"→ expected {(layers is null ? "a recipe that trains all of them from the start" : "fewer layers than the model's")} "
            + "→ delete shallow_layers and shallow_share in workloads.yaml, or correct them.");

    public static IEnumerable<string> UnreadSizes(ModelEntry entry) => entry.Geometry.Unread.Select(size =>
        $"MLP1513: workloads.yaml({size.Line}): found geometry.{size.Key} of '{entry.Id}', which its class never asks for → expected sizes that decide something → delete it, or correct its name");

    // libtorch's messages go on with its own stack.
    static string FirstLine(string message) => message.Split('\n')[0].TrimEnd();

    public static RunException NoClosedRecipe(string id) =>
        new("MLP1521", $"found no closed recipe of '{id}' in workloads.yaml → expected one for --closed → run it without --closed.");

    public static RunException TellsNoAnswers(string id) =>
        new("MLP1540", $"found no answers of '{id}' that others can read → expected a workload that implements {nameof(LoadGen.ITellsAnswers)} → name another, or implement it.");

    public static RunException NoWeights(string id, int seed) =>
        new("MLP1520",
            $"found no weights of '{id}': its training from seed {seed} missed the target → expected it to meet it "
            + $"→ `mlperfedu run {id} --seed {seed}` shows what it missed.");
}

/// <summary>An entry cannot run on this system; it is skipped with the reason.</summary>
public sealed class NotAvailableException(string reason) : Exception(reason);

/// <summary>Something around the program is not as it must be; workloads/Cli/README.md has a heading for each code.</summary>
public sealed class EnvironmentProblem(string code, string message) : Exception($"{code}: {message}")
{
    public string Code { get; } = code;
}

/// <summary>Runs what first uses the sizes and the recipe of an entry; where they do not fit one another, any exception becomes a message with the entry's line.</summary>
static class Fitting
{
    /// <exception cref="RunException">They do not fit; the message has the entry's line.</exception>
    public static T Check<T>(ModelEntry entry, Func<T> first)
    {
        try
        {
            return first();
        }
        // ExternalException is libtorch's.
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or NotSupportedException or ExternalException)
        {
            throw RunErrors.DoesNotFit(entry, error);
        }
    }
}
