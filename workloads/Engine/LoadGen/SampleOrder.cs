using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Engine.LoadGen;

/// <summary>Which sample comes when, number for number as LoadGen 6 has it on libstdc++.</summary>
public sealed class SampleOrder
{
    readonly int[] loaded;
    readonly MersenneTwister draws;
    readonly int stride;
    readonly ulong drawSeed;
    readonly bool isOffline;
    // Places in turn where every sample comes equally often; empty where each is drawn by itself.
    readonly List<int> equal = [];
    int turn;

    /// <param name="settings">Scenario, seeds, and how many samples there are.</param>
    public SampleOrder(LoadSettings settings)
    {
        (stride, drawSeed, isOffline) = (settings.SamplesPerQuery, settings.Seeds.Draw, settings.Scenario == LoadScenario.Offline);
        var order = Shuffled(settings.Samples, settings.Seeds.Set);
        Set = order;
        // A query takes neighbours, so the first samples stand at the end again.
        loaded = [.. order, .. Enumerable.Range(0, stride - 1).Select(i => order[i % order.Length])];
        draws = new MersenneTwister(settings.Seeds.Draw);
        Consume(settings.Queries, settings.EqualIssue == true && stride == 1);
    }

    /// <summary>The whole set in order: what the one query of the offline scenario asks.</summary>
    public IReadOnlyList<int> Set { get; }

    /// <summary>The one query of the offline scenario: the set again and again.</summary>
    public IEnumerable<int> Offline(int samples) => Enumerable.Range(0, samples).Select(i => Set[i % Set.Count]);

    /// <summary>Each sample once, as the accuracy run asks them: offline the set, else its queries in a drawn order.</summary>
    public IEnumerable<int> Accuracy()
    {
        if (isOffline)
            return Set;
        int[] firsts = [.. Enumerable.Range(0, loaded.Length / stride).Select(query => query * stride)];
        new MersenneTwister(drawSeed).Shuffle(firsts);
        return firsts.SelectMany(first => loaded[first..(first + stride)]);
    }

    /// <summary>The samples of the next query.</summary>
    public int[] Next()
    {
        var first = equal.Count > 0 ? equal[turn++ % equal.Count] : (int)draws.Below((uint)(loaded.Length - stride + 1));
        return loaded[first..(first + stride)];
    }

    static int[] Shuffled(int count, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new MersenneTwister(seed).Shuffle(order);
        return order;
    }

    // LoadGen makes the orders of its other modes from the same numbers first, so the least number of queries decides the sequence.
    void Consume(int queries, bool equally)
    {
        draws.Shuffle(new int[loaded.Length / stride]);
        int[] places = [.. Enumerable.Range(0, loaded.Length)];
        for (var done = 0; done < queries; done += loaded.Length)
        {
            draws.Shuffle(places);
            if (equally)
                equal.AddRange(places);
        }
    }
}

/// <summary>A Poisson process: exponential gaps, truncated to nanoseconds as LoadGen does.</summary>
public sealed class ArrivalTimes(double rate, ulong seed)
{
    readonly MersenneTwister numbers = new(seed);

    /// <summary>When the next query arrives, in nanoseconds; the first at 0.</summary>
    public long Next { get; private set; }

    public void Advance() => Next += (long)(-Math.Log(1 - numbers.NextUnit()) / rate * 1e9);
}

/// <summary>std::mt19937 (Matsumoto and Nishimura, 1998).</summary>
public sealed class MersenneTwister
{
    const int Size = 624, Middle = 397;

    readonly uint[] state = new uint[Size];
    int next = Size;

    /// <param name="seed">Its low 32 bits count, as in C++.</param>
    public MersenneTwister(ulong seed)
    {
        state[0] = (uint)seed;
        for (var i = 1; i < Size; i++)
            state[i] = 1812433253u * (state[i - 1] ^ (state[i - 1] >> 30)) + (uint)i;
    }

    public uint Next()
    {
        if (next == Size)
            Twist();
        var value = state[next++];
        value ^= value >> 11;
        value ^= (value << 7) & 0x9D2C5680u;
        value ^= (value << 15) & 0xEFC60000u;
        return value ^ (value >> 18);
    }

    /// <summary>Below the range, each number equally likely: libstdc++'s uniform_int_distribution from GCC 11 on (Lemire, 2019).</summary>
    public uint Below(uint range)
    {
        var product = (ulong)Next() * range;
        if ((uint)product < range)
        {
            var threshold = (0u - range) % range;
            while ((uint)product < threshold)
                product = (ulong)Next() * range;
        }

        return (uint)(product >> 32);
    }

    /// <summary>From 0, below 1: libstdc++'s generate_canonical of a double, which takes two numbers.</summary>
    public double NextUnit()
    {
        const double two32 = 4294967296.0;
        double low = Next(), high = Next();
        return Math.Min((low + high * two32) / (two32 * two32), Math.BitDecrement(1.0));
    }

    /// <summary>libstdc++'s std::shuffle: one draw gives the places of two neighbours, as long as their product fits.</summary>
    public void Shuffle(Span<int> items)
    {
        var size = (uint)items.Length;
        if (size == 0)
            return;
        if (uint.MaxValue / size < size)
        {
            for (var i = 1; i < items.Length; i++)
                Swap(items, i, (int)Below((uint)i + 1));
            return;
        }

        var place = 1;
        if (size % 2 == 0)
            Swap(items, place++, (int)Below(2));
        for (; place < items.Length; place += 2)
        {
            var first = (uint)place + 1;
            var both = Below(first * (first + 1));
            Swap(items, place, (int)(both / (first + 1)));
            Swap(items, place + 1, (int)(both % (first + 1)));
        }
    }

    static void Swap(Span<int> items, int a, int b) => (items[a], items[b]) = (items[b], items[a]);

    void Twist()
    {
        for (var i = 0; i < Size; i++)
        {
            var mixed = (state[i] & 0x80000000u) | (state[(i + 1) % Size] & 0x7FFFFFFFu);
            state[i] = state[(i + Middle) % Size] ^ (mixed >> 1) ^ ((mixed & 1) == 0 ? 0 : 0x9908B0DFu);
        }

        next = 0;
    }
}
