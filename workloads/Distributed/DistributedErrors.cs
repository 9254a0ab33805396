using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Distributed;

/// <summary>What keeps several processes from working together; codes are listed in workloads/README.md.</summary>
static class DistributedErrors
{
    public static RunException NoPlace(string variable, string? found, string expected) => new("MLP1530",
        $"found {(found is null ? "no" : $"'{found}' in")} {variable} → expected {expected}, as launchers of ranks set it " +
        "→ set MASTER_ADDR, MASTER_PORT, RANK and WORLD_SIZE, or let `mlperfedu run` start the ranks.");

    public static RunException NoGroups(string reason) => new("MLP1531",
        $"found that {reason} → expected libtorch's c10d with Gloo → build with -p:TorchProvider=system on a machine that has it.");

    public static RunException NotJoined(RankPlace place, string why) => new("MLP1532",
        $"found that {place} could not meet the others at {place.Address}:{place.Port} ({why}) " +
        $"→ expected all {place.Size} within a minute " +
        "→ look whether rank 0 runs, whether another program has that port, and whether a firewall is between them.");

    public static RunException RankLost(RankPlace place, string why) => new("MLP1533",
        $"found that {place} lost another one in mid-run ({why}) → expected every rank to answer " +
        "→ look at the first rank that ended, then start all again.");

    public static RunException RankEnded(RankPlace place, int exit, string last) => new("MLP1534",
        $"found that {place} ended with exit code {exit}, and ended the others → expected it to finish " +
        $"→ its last lines say why:\n{last}");

    public static RunException Unreadable(RankPlace place, string answer) => new("MLP1535",
        $"found the answer '{answer}' of {place} → expected its points as JSON → run that rank by hand and read what it says.");

    public static RunException NoRanks(string id, IEnumerable<string> ranked) => new("MLP1536",
        $"found that '{id}' has no ranks → expected one that runs as several processes → name one of: {string.Join(", ", ranked)}.");
}
