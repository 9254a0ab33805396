namespace MlPerfEdu.Engine.Distributed;

/// <summary>What keeps several processes from working together; codes are listed in workloads/README.md.</summary>
static class DistributedErrors
{
    public static RunException NoPlace(string variable, string? found, string expected) => new("MLP1530",
        $"found {(string.IsNullOrEmpty(found) ? "no" : $"'{found}' in")} {variable} → expected {expected}, as Open MPI's mpirun sets it " +
        "→ start the ranks by `mpirun -n 2 …`, or let `mlperfedu run` start them.");

    public static RunException NoOpenMpi(string reason) => new("MLP1531",
        $"found that {reason} → expected Open MPI → install it ({OpenMpi.HowToInstall}).");

    public static RunException NotJoined(RankPlace place, TimeSpan waited) => new("MLP1532",
        $"found that {place} could not meet the others within {waited.TotalSeconds:0} s → expected all {place.Size} to start " +
        "→ look whether each of them runs, and whether a firewall is between their hosts.");

    public static RunException RankSilent(RankPlace place, IReadOnlyList<int> silent, TimeSpan waited) => new("MLP1533",
        (silent.Count == 0
            ? $"found that the ranks waited for different exchanges for {waited.TotalSeconds:0} s"
            : $"found that {Ranks(silent)} of {place.Size} did not answer the others for {waited.TotalSeconds:0} s") +
        " → expected every rank to answer → look whether it was suspended or waits for something, then start all again.");

    public static RunException ExchangeFailed(RankPlace place, string why) => new("MLP1533",
        $"found that {place} could not exchange tensors with the others ({why}) → expected every rank to answer " +
        "→ look at the first rank that ended, then start all again.");

    public static RunException RankEnded(int rank, int size, string how) => new("MLP1534",
        $"found that rank {rank} of {size} ended on {how}, which ended the others → expected it to finish " +
        "→ look for who sent it that signal: the system does when memory runs out. Then start all again.");

    public static RunException RanksEnded(int size, int exit, string last) => new("MLP1534",
        $"found that {size} ranks ended with exit code {exit} → expected them to finish → their last lines say why:\n{last}");

    public static RunException Unreadable(string answer) => new("MLP1535",
        $"found the answer '{answer}' of the ranks → expected their points as JSON → start them by hand with mpirun and read what they say.");

    public static RunException NoRanks(string id, IEnumerable<string> ranked) => new("MLP1536",
        $"found that '{id}' has no ranks → expected one that runs as several processes → name one of: {string.Join(", ", ranked)}.");

    static string Ranks(IReadOnlyList<int> ranks) => $"rank{(ranks.Count == 1 ? "" : "s")} {string.Join(", ", ranks)}";
}
