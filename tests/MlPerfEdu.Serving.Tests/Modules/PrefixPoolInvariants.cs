using MlPerfEdu.Serving.Prefixes;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("prefix-pool")]
sealed class PrefixPoolInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        yield return KernelInvariant.None("a least-recently-used pool does as a list under 100,000 random operations",
            Differing(Eviction.LeastRecentlyUsed, new(13)));
        yield return KernelInvariant.None("a least-frequently-used pool does as a list under 100,000 random operations",
            Differing(Eviction.LeastFrequentlyUsed, new(14)));
        var (stored, asked) = WithEqualHashes();
        var pool = new PrefixPool<int>(4);
        pool.Put(stored, 1);
        yield return KernelInvariant.True("a prompt is not taken for another of the same hash",
            PrefixPool<int>.HashOf(stored) == PrefixPool<int>.HashOf(asked) && !pool.TryGet(asked, out _));
    }

    // Of some hundred thousand beginnings two have hashes that agree in their upper halves; a third token makes up for the lower ones. After
    // one token alone the upper halves are multiples of one number, and none of them comes twice.
    static (int[] First, int[] Second) WithEqualHashes()
    {
        var seen = new Dictionary<ulong, int>();
        var token = 0;
        while (seen.TryAdd(HashAfter(token) >> 32, token))
            token++;
        var other = seen[HashAfter(token) >> 32];
        return ([other, 0, 0], [token, 0, (int)(HashAfter(token) ^ HashAfter(other))]);

        static ulong HashAfter(int first) => PrefixPool<int>.HashOf([first, 0]);
    }

    // The model: entries in a list, every question answered by looking at all of them.
    static int Differing(Eviction policy, RandomData random)
    {
        const int capacity = 20;
        var pool = new PrefixPool<int>(capacity, policy);
        var model = new List<Modelled>();
        var (differing, saved) = (0, 0L);
        for (var time = 1; time <= 100_000; time++)
        {
            int[] tokens = [.. Enumerable.Range(0, random.Between(1, 5)).Select(_ => random.Below(3))];
            var exact = model.Find(entry => entry.Tokens.SequenceEqual(tokens));
            switch (random.Below(4))
            {
                case 0:
                    pool.Put(tokens, time);
                    if (exact is null && model.Count == capacity)
                        model.Remove(First());
                    if (exact is null)
                        model.Add(exact = new(tokens));
                    (exact.Value, exact.Used, exact.Uses) = (time, time, exact.Uses + 1);
                    break;
                case 1:
                    differing += pool.TryGet(tokens, out var value) == (exact is not null) && value == (exact?.Value ?? 0) ? 0 : 1;
                    Use(exact, time);
                    break;
                case 2:
                    var longest = model.Where(entry => tokens.AsSpan().StartsWith(entry.Tokens)).MaxBy(entry => entry.Tokens.Length);
                    var length = pool.TryGetLongest(tokens, out var ofLongest);
                    differing += length == (longest?.Tokens.Length ?? 0) && ofLongest == (longest?.Value ?? 0) ? 0 : 1;
                    Use(longest, time);
                    break;
                case 3 when random.Share() < 0.2:
                    differing += pool.Remove(tokens) == (exact is not null) ? 0 : 1;
                    model.RemoveAll(entry => entry == exact);
                    break;
                default:
                    break;
            }
            differing += pool.Count == model.Count && pool.TokensSaved == saved ? 0 : 1;
        }
        return differing;

        Modelled First() => policy == Eviction.LeastRecentlyUsed
            ? model.MinBy(entry => entry.Used)!
            : model.OrderBy(entry => entry.Uses).ThenBy(entry => entry.Used).First();

        void Use(Modelled? entry, int time)
        {
            if (entry is null)
                return;
            (entry.Used, entry.Uses) = (time, entry.Uses + 1);
            saved += entry.Tokens.Length;
        }
    }

    sealed class Modelled(int[] tokens)
    {
        public int[] Tokens => tokens;
        public int Value { get; set; }
        public int Used { get; set; }
        public int Uses { get; set; }
    }
}
