namespace MlPerfEdu.Engine.Training;

/// <summary>An endless seeded order of sample positions: every pass visits each sample once, in a new order.</summary>
public sealed class BatchOrder
{
    readonly long[] positions;
    Xoshiro random;
    int next;

    public BatchOrder(int samples, int batch, ulong seed)
    {
        if (batch > samples)
            throw new ArgumentException($"A batch of {batch} samples from {samples}; expected at most all of them. Lower recipe.batch in workloads.yaml.", nameof(batch));
        Batch = batch;
        random = new Xoshiro(seed);
        positions = new long[samples];
        for (var i = 0; i < samples; i++) positions[i] = i;
        next = samples;
    }

    public int Batch { get; }

    /// <summary>Positions of the next batch; samples left over at the end of a pass wait for the next one.</summary>
    public ReadOnlySpan<long> Next()
    {
        if (next + Batch > positions.Length) Shuffle();
        next += Batch;
        return positions.AsSpan(next - Batch, Batch);
    }

    void Shuffle()
    {
        for (var i = positions.Length - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (positions[i], positions[other]) = (positions[other], positions[i]);
        }
        next = 0;
    }
}
