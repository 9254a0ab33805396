namespace MlPerfEdu.Engine.Training;

/// <summary>What counting characters scores: how often each occurs, and how often each follows the few before it.</summary>
public static class CountedText
{
    const int Longest = 5;

    /// <summary>Nats per character of the scored text, for characters alone and for sequences of five.</summary>
    public static IReadOnlyDictionary<string, double> Of(ReadOnlySpan<byte> trained, ReadOnlySpan<byte> scored, int symbols) =>
        new Dictionary<string, double>
        {
            ["cross_entropy_unigram"] = Nats(trained, scored, symbols, 1),
            ["cross_entropy_5gram"] = Nats(trained, scored, symbols, Longest),
        };

    /// <summary>
    /// Sequences that are as long as asked for, mixed with shorter ones (Witten and Bell, 1991): a context that was followed by many different
    /// characters is trusted less.
    /// </summary>
    static double Nats(ReadOnlySpan<byte> trained, ReadOnlySpan<byte> scored, int symbols, int length)
    {
        var counts = Enumerable.Range(0, length).Select(_ => new Dictionary<ulong, int[]>()).ToArray();
        for (var i = 0; i < trained.Length; i++)
        {
            for (var before = 0; before < length && before <= i; before++)
            {
                var context = Context(trained, i, before);
                if (!counts[before].TryGetValue(context, out var followers)) counts[before][context] = followers = new int[symbols + 2];
                followers[symbols]++;
                if (followers[trained[i]]++ == 0) followers[symbols + 1]++;
            }
        }

        var nats = 0.0;
        for (var i = 1; i < scored.Length; i++)
        {
            var chance = 1.0 / symbols;
            for (var before = 0; before < length && before <= i; before++)
            {
                if (!counts[before].TryGetValue(Context(scored, i, before), out var followers)) break;
                double all = followers[symbols], kinds = followers[symbols + 1];
                chance = (followers[scored[i]] + kinds * chance) / (all + kinds);
            }
            nats -= Math.Log(chance);
        }
        return nats / (scored.Length - 1);
    }

    // The few characters before one.
    static ulong Context(ReadOnlySpan<byte> text, int at, int before)
    {
        var context = 0UL;
        for (var i = at - before; i < at; i++) context = context << 8 | text[i];
        return context;
    }
}
