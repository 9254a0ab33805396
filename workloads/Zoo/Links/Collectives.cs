namespace MlPerfEdu.Zoo;

/// <summary>Time of the collective operations: each message pays a delay and its bytes over the link.</summary>
public static class Collectives
{
    public static Duration RingAllReduce(ByteCount bytes, int devices, ByteRate link, Duration delay) =>
        (bytes * (2.0 * (Checked(devices) - 1) / devices) / link) + (delay * (2.0 * (devices - 1)));

    public static Duration TreeAllReduce(ByteCount bytes, int devices, ByteRate link, Duration delay) =>
        ((bytes / link) + delay) * (2 * Math.Ceiling(Math.Log2(Checked(devices))));

    /// <summary>Half of an all-reduce: every device ends with its part, or begins with it.</summary>
    public static Duration AllGather(ByteCount bytes, int devices, ByteRate link, Duration delay) =>
        (bytes * ((Checked(devices) - 1.0) / devices) / link) + (delay * (devices - 1.0));

    public static Duration AllToAll(ByteCount bytes, int devices, ByteRate link, Duration delay) => AllGather(bytes, devices, link, delay);

    /// <summary>Within each group, then one ring across the groups with a share of the bytes, then within each group again.</summary>
    public static Duration HierarchicalAllReduce(
        ByteCount bytes, int perGroup, int groups, ByteRate inside, ByteRate between, Duration insideDelay, Duration betweenDelay) =>
        (AllGather(bytes, perGroup, inside, insideDelay) * 2) + RingAllReduce(bytes * (1.0 / perGroup), groups, between, betweenDelay);

    /// <summary>Share of a pipeline's time in which stages wait.</summary>
    public static double PipelineBubble(int stages, int microbatches, int interleaved = 1)
    {
        if (microbatches < 1) throw ZooErrors.OutOfRange("microbatches of", microbatches, "at least 1");
        if (interleaved < 1) throw ZooErrors.OutOfRange("an interleaving of", interleaved, "at least 1");
        return (Checked(stages) - 1.0) / (((double)interleaved * microbatches) + stages - 1);
    }

    static int Checked(int devices) => devices >= 1 ? devices : throw ZooErrors.OutOfRange("devices of", devices, "at least 1");
}
