using MlPerfEdu.Serving.PagedKv;
using MlPerfEdu.Serving.Prefixes;

namespace MlPerfEdu.Serving.Loop;

/// <summary>A token to append to a sequence.</summary>
readonly record struct NextToken(long Sequence, int Token);

/// <summary>The logits of the next token, for every row of a pass.</summary>
readonly ref struct Logits(ReadOnlySpan<float> values, int vocabulary)
{
    readonly ReadOnlySpan<float> values = values;

    public ReadOnlySpan<float> this[int row] => values.Slice(row * vocabulary, vocabulary);
}

/// <summary>A model with the keys and values of many sequences, one paged cache per layer.</summary>
sealed class CachedModel(TinyModel model, int blockTokens, int blocks)
{
    readonly PagedKvCache[] layers = [.. Enumerable.Range(0, model.Layers).Select(_ => new PagedKvCache(model.Shape, blockTokens, blocks))];
    // Of the tokens in a pass.
    readonly List<long> sequences = [];
    readonly List<int> tokens = [];
    readonly List<int> positions = [];
    Scratch<float> logits = new();

    /// <summary>Forward passes, of any number of tokens.</summary>
    public int Passes { get; private set; }
    public int BlockTokens => blockTokens;
    public int UsedBlocks => layers.Sum(layer => layer.Blocks.Used);
    public int Length(long sequence) => layers[^1].Length(sequence);
    public void Add(long sequence) => Each(layer => layer.Add(sequence));
    public void Fork(long from, long sequence) => Each(layer => layer.Fork(from, sequence));

    /// <summary>Reserves blocks for so many more tokens, so that appending them cannot fail.</summary>
    public void Reserve(long sequence, int tokens) => Each(layer => layer.Reserve(sequence, tokens));

    public void Truncate(long sequence, int length) => Each(layer => layer.Truncate(sequence, length));
    public void Free(long sequence) => Each(layer => layer.Free(sequence));

    /// <summary>Appends tokens to any sequences, in one pass through the model.</summary>
    /// <param name="next">Grouped by sequence, in order.</param>
    /// <returns>Logits after each of them, valid until the next call.</returns>
    public Logits Append(IReadOnlyList<NextToken> next)
    {
        var logits = this.logits.Take(next.Count * model.Vocabulary);
        Forward(next, logits);
        return new(logits, model.Vocabulary);
    }

    /// <summary>The same without logits.</summary>
    public void Remember(IReadOnlyList<NextToken> next) => Forward(next, []);

    void Forward(IReadOnlyList<NextToken> next, Span<float> logits)
    {
        sequences.Clear();
        tokens.Clear();
        positions.Clear();
        foreach (var (sequence, token) in next)
        {
            positions.Add(sequences.Count > 0 && sequences[^1] == sequence ? positions[^1] + 1 : Length(sequence));
            sequences.Add(sequence);
            tokens.Add(token);
        }
        Passes++;
        model.Forward(CollectionsMarshal.AsSpan(tokens), CollectionsMarshal.AsSpan(positions), Attend, logits);
    }

    void Attend(int layer, int row, ReadOnlySpan<float> query, ReadOnlySpan<float> key, ReadOnlySpan<float> value, Span<float> output)
    {
        layers[layer].Append(sequences[row], key, value);
        layers[layer].Attend(sequences[row], query, output);
    }

    void Each(Action<PagedKvCache> action)
    {
        foreach (var layer in layers)
            action(layer);
    }
}

/// <summary>Prompts that stay in the models' caches after their requests, for others with the same prefix.</summary>
sealed class StoredPrompts(IReadOnlyList<CachedModel> models)
{
    const int Capacity = 64;

    readonly List<long> copies = [];
    PrefixPool<long> prefixes = new(Capacity);

    /// <summary>Starts a sequence from the longest stored prefix of its tokens.</summary>
    /// <returns>The length of that prefix.</returns>
    public int Begin(long sequence, ReadOnlySpan<int> tokens)
    {
        var copy = 0L;
        var known = tokens.IsEmpty ? 0 : prefixes.TryGetLongest(tokens, out copy);
        foreach (var model in models)
        {
            if (known > 0)
                model.Fork(copy, sequence);
            else
                model.Add(sequence);
        }
        return known;
    }

    /// <summary>Keeps the full blocks of a prompt: one that its sequence still writes into would have to be copied.</summary>
    /// <param name="known">Tokens that are stored already.</param>
    public void Store(long sequence, ReadOnlySpan<int> tokens, int known)
    {
        var whole = tokens.Length - tokens.Length % models[0].BlockTokens;
        if (whole <= known || copies.Count == Capacity)
            return;
        // Below all requests' own numbers.
        var copy = -1 - (long)copies.Count;
        copies.Add(copy);
        foreach (var model in models)
        {
            model.Fork(sequence, copy);
            model.Truncate(copy, whole);
        }
        prefixes.Put(tokens[..whole], copy);
    }

    /// <returns>Whether there were any.</returns>
    public bool Drop()
    {
        if (copies.Count == 0)
            return false;
        foreach (var copy in copies)
        {
            foreach (var model in models)
                model.Free(copy);
        }
        copies.Clear();
        prefixes = new(Capacity);
        return true;
    }
}

/// <summary>The small model that drafts the target's next tokens, in one pass per token for all conversations (Leviathan et al. 2023).</summary>
sealed class Draft(CachedModel model, GrammarCache grammar, int ahead)
{
    /// <summary>How many tokens to draft. The last one needs no draft: nothing is verified after it.</summary>
    public int Ahead(Conversation conversation) => Math.Min(ahead, conversation.Remaining - 1);

    /// <summary>A draft for each, which may be empty.</summary>
    public List<Guess> Propose(IEnumerable<Conversation> conversations)
    {
        List<Guess> guesses = [.. conversations.Select(conversation => new Guess(conversation))];
        var asking = guesses.FindAll(MayContinue);
        while (asking.Count > 0)
        {
            List<NextToken> next = [];
            foreach (var guess in asking)
            {
                next.AddRange(Unseen(guess));
                guess.Row = next.Count - 1;
            }
            var logits = model.Append(next);
            List<Guess> going = [];
            foreach (var guess in asking)
            {
                var token = Greedy.Choose(logits[guess.Row], grammar.Mask(guess.State));
                if (token == Vocabulary.End)
                    continue;
                guess.Append(token, grammar);
                if (MayContinue(guess))
                    going.Add(guess);
            }
            asking = going;
        }
        return guesses;
    }

    bool MayContinue(Guess guess) => guess.Tokens.Count < Ahead(guess.Conversation);

    // At first also the target's own token after the last guess, if it accepted all of it.
    IEnumerable<NextToken> Unseen(Guess guess)
    {
        var conversation = guess.Conversation;
        return guess.Tokens.Count == 0 ? conversation.From(model.Length(conversation.Id)) : [new NextToken(conversation.Id, guess.Tokens[^1])];
    }
}

/// <summary>The drafted tokens of a conversation.</summary>
sealed class Guess(Conversation conversation) : GrammarText([], conversation.State)
{
    public Conversation Conversation => conversation;
    /// <summary>Its first row in a pass.</summary>
    public int Row { get; set; }
}
