using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Workloads.LoadGen;

/// <summary>Which sample comes when, number for number as LoadGen 6 has it on libstdc++.</summary>
public sealed class SampleOrder
{
    readonly int[] loaded;
    readonly MersenneTwister draws;
    readonly int stride;

    /// <param name="settings">Scenario, seeds, and how many samples there are.</param>
    public SampleOrder(LoadSettings settings)
    {
        stride = settings.SamplesPerQuery;
        var order = Shuffled(settings.Samples, settings.Seeds.Set);
        // A query takes neighbours, so the first samples stand at the end again.
        loaded = [.. order, .. Enumerable.Range(0, stride - 1).Select(i => order[i % order.Length])];
        draws = new MersenneTwister(settings.Seeds.Draw);
        Consume(settings.Queries);
    }

    /// <summary>The whole set in its order: the accuracy run's, and what offline goes through again and again.</summary>
    public IReadOnlyList<int> Set => loaded[..^(stride - 1)];

    /// <summary>The samples of the next query.</summary>
    public int[] Next()
    {
        var first = (int)draws.Below((uint)(loaded.Length - stride + 1));
        return loaded[first..(first + stride)];
    }

    static int[] Shuffled(int count, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new MersenneTwister(seed).Shuffle(order);
        return order;
    }

    // LoadGen makes the orders of its other modes from the same numbers first, so the least number of queries decides the sequence.
    void Consume(int queries)
    {
        draws.Shuffle(new int[loaded.Length / stride]);
        for (var done = 0; done < queries; done += loaded.Length)
            draws.Shuffle(new int[loaded.Length]);
    }
}
