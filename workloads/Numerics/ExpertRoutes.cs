namespace MlPerfEdu.Numerics;

/// <summary>
/// Which experts each token goes to, and with which weights; then the tokens in the order of their experts, so that those of an expert lie one
/// after another and are one product.
/// </summary>
public sealed unsafe class ExpertRoutes
{
    /// <summary>Slots of an expert are filled up to whole lines of memory, which are whole vectors.</summary>
    internal const int Line = 16;

    /// <summary>The most columns of a <see cref="Piece"/>: what an expert makes of them stays in the second-level cache.</summary>
    internal const int Longest = 96;

    readonly int tokens, experts, chosen;
    readonly int[] ids, slots, tokenOf, weightOf, first, counts;
    readonly float[] weights;
    readonly Piece[] pieces;

    /// <summary>Neighbouring slots of one expert.</summary>
    internal readonly record struct Piece(int Expert, int Slot, int Columns);

    public ExpertRoutes(int tokens, int experts, int chosen)
    {
        (this.tokens, this.experts, this.chosen) = (tokens, experts, chosen);
        Slots = tokens * chosen + experts * Line;
        (ids, slots, weights) = (new int[tokens * chosen], new int[tokens * chosen], new float[tokens * chosen]);
        (tokenOf, weightOf) = (new int[Slots], new int[Slots]);
        (first, counts) = (new int[experts + 1], new int[experts]);
        pieces = new Piece[Slots / Longest + 2 * experts];
    }

    /// <summary>The most slots: a token in as many as it has experts, and what fills them up.</summary>
    internal int Slots { get; }

    /// <summary>Tokens of each expert.</summary>
    public ReadOnlySpan<int> Counts => counts;

    internal int Chosen => chosen;

    internal int Tokens => tokens;

    internal ReadOnlySpan<Piece> Pieces => pieces.AsSpan(0, PieceCount);

    internal int PieceCount { get; private set; }

    /// <summary>The experts with the largest logits of some tokens. The softmax over these alone is that over all, divided by its sum.</summary>
    /// <param name="logits">[experts, columns], a column per token.</param>
    public void Choose(float* logits, nint stride, int from, int until)
    {
        for (var token = from; token < until; token++)
        {
            var sum = 0f;
            for (var k = 0; k < chosen; k++)
            {
                var best = -1;
                for (var e = 0; e < experts; e++)
                {
                    if (!IsTaken(token, k, e) && (best < 0 || logits[e * stride + token] > logits[best * stride + token])) best = e;
                }
                ids[token * chosen + k] = best;
                sum += weights[token * chosen + k] = MathF.Exp(logits[best * stride + token] - logits[ids[token * chosen] * stride + token]);
            }
            for (var k = 0; k < chosen; k++) weights[token * chosen + k] /= sum;
        }
    }

    bool IsTaken(int token, int before, int expert)
    {
        for (var k = 0; k < before; k++)
        {
            if (ids[token * chosen + k] == expert) return true;
        }
        return false;
    }

    /// <summary>Orders the choices of all tokens by expert, and within an expert by token. On one thread, before others read.</summary>
    public void Sort()
    {
        counts.AsSpan().Clear();
        foreach (var expert in ids) counts[expert]++;
        for (var e = 0; e < experts; e++) first[e + 1] = first[e] + (counts[e] + Line - 1) / Line * Line;
        tokenOf.AsSpan().Fill(-1);
        counts.AsSpan().Clear();
        for (var choice = 0; choice < ids.Length; choice++)
        {
            var slot = slots[choice] = first[ids[choice]] + counts[ids[choice]]++;
            (tokenOf[slot], weightOf[slot]) = (choice / chosen, choice);
        }
        PieceCount = 0;
        for (var e = 0; e < experts; e++)
        {
            for (var slot = first[e]; slot < first[e + 1]; slot += Longest)
                pieces[PieceCount++] = new(e, slot, Math.Min(Longest, first[e + 1] - slot));
        }
    }

    /// <summary>The token in a slot; -1 where the slot only fills up.</summary>
    internal int Token(int slot) => tokenOf[slot];

    internal float Weight(int slot) => weights[weightOf[slot]];

    internal float Weight(int token, int choice) => weights[token * chosen + choice];

    internal int Slot(int token, int choice) => slots[token * chosen + choice];

    internal int First(int expert) => first[expert];

    /// <summary>From the gradients of a token's weights to those of all of its logits: w·(g − Σ w·g), zero where an expert was not chosen.</summary>
    internal void LogitGradients(int token, ReadOnlySpan<float> ofWeights, float* logits, nint stride)
    {
        var sum = 0f;
        for (var k = 0; k < chosen; k++) sum += Weight(token, k) * ofWeights[k];
        for (var e = 0; e < experts; e++) logits[e * stride + token] = 0;
        for (var k = 0; k < chosen; k++) logits[ids[token * chosen + k] * stride + token] = Weight(token, k) * (ofWeights[k] - sum);
    }
}
