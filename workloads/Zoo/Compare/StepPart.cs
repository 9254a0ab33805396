namespace MlPerfEdu.Zoo;

/// <summary>One pass through one layer, or several of the same intensity.</summary>
/// <param name="Traffic">Bytes that its operators read and write, each by itself.</param>
public readonly record struct StepPart(Flop Work, ByteCount Traffic)
{
    public static StepPart operator +(StepPart a, StepPart b) => new(a.Work + b.Work, a.Traffic + b.Traffic);

    /// <summary>The same time under both roofs, in as few parts as can be: what is equally intense lies under the same roof.</summary>
    public static IReadOnlyList<StepPart> Merged(IEnumerable<StepPart> parts) =>
    [
        .. from part in parts
            where part.Work.Value > 0 || part.Traffic.Value > 0
            group part by part.Work / part.Traffic into same
            orderby same.Key.Value
            select same.Aggregate((a, b) => a + b),
    ];
}
