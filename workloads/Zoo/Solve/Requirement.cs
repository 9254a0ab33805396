namespace MlPerfEdu.Zoo;

/// <summary>The inverse question: what a device needs to do one batch in a given time.</summary>
public readonly record struct Requirement(FlopRate Peak, ByteRate Bandwidth, ByteCount Capacity)
{
    /// <param name="question">Its device only lends what starting costs.</param>
    /// <returns>Null when starting alone takes longer.</returns>
    public static Requirement? For(in Question question, Duration latency)
    {
        var now = SingleNode.Solve(question);
        if (latency <= now.Overhead) return null;
        var demand = question.Rules == Rules.Reference ? OriginalDemand.Of(question) : OurDemand.Of(question);
        var left = new Duration(latency.Value - now.Overhead.Value);
        return new(demand.Work / left * (1 / question.Heuristics.Efficiency), demand.Traffic / left, demand.Footprint);
    }
}
