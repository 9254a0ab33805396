using MlPerfEdu.Serving.Attention;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Medusa;

[Kernels("medusa")]
public sealed class MedusaKernels : IKernels
{
    const int Hidden = 256;
    const int Vocabulary = 2000;
    const int Heads = 4;

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        var decoder = RandomDecoder(random, Hidden, Vocabulary, Heads, perHead: 10);
        var (hidden, tree) = (random.Normals(Hidden), new MedusaTree(MedusaTree.MostNodes));
        var (tokens, probabilities) = (new int[Heads], new double[Heads]);
        yield return OfDraft("draft", () => decoder.Draft(hidden, 0, tree));
        yield return OfDraft("draft-path", () => decoder.DraftPath(hidden, tokens, probabilities));

        var logits = new AlignedBuffer<float>(random.Normals(Heads * Vocabulary));
        yield return new("verify", () => GreedyAcceptance.OfPath(tokens, logits.Span, Vocabulary))
        {
            Bytes = sizeof(float) * (double)Vocabulary,
        };
        var (path, agreeing) = Agreeing(random);
        yield return new("verify-all-accepted", () => GreedyAcceptance.OfPath(path, agreeing, Vocabulary))
        {
            Bytes = sizeof(float) * (double)Heads * Vocabulary,
        };
    }

    // The 7-bit copies are what is read of the weights; a few exact rows more do not count.
    static Kernel OfDraft(string operation, Action call) => new(operation, call)
    {
        Flops = 2.0 * Heads * Hidden * Vocabulary,
        Bytes = (double)Heads * Hidden * Vocabulary,
    };

    static (int[] Path, float[] Logits) Agreeing(RandomData random)
    {
        var logits = random.Normals(Heads * Vocabulary);
        return ([.. logits.Chunk(Vocabulary).Select(row => TopK.Argmax(row, "logits"))], logits);
    }

    static MedusaDecoder RandomDecoder(RandomData random, int hidden, int vocabulary, int heads, int perHead) =>
        new(hidden, vocabulary, [.. Enumerable.Range(0, heads).Select(_ => Weights(random, hidden, vocabulary))], perHead);

    // N(0, 1/√hidden): logits of a usual size.
    static float[] Weights(RandomData random, int hidden, int vocabulary) =>
        [.. random.Normals(vocabulary * hidden).Select(value => value / MathF.Sqrt(hidden))];

    public IEnumerable<Invariant> Invariants()
    {
        var random = new RandomData(11);
        foreach (var invariant in OfHead(random))
            yield return invariant;
        yield return OfTree(random);
        yield return Invariant.None("a path's probability never rises along it", RisingPaths(random));
        yield return OfAttention(random);
        yield return Invariant.None("a tree yields the tokens of greedy decoding, whatever the model says", NotGreedy(random));
        yield return Invariant.None("a path keeps its longest agreeing beginning", WrongPrefixes(random));
    }

    // Against a full sort of exact logits; columns are repeated so that there are ties.
    static IEnumerable<Invariant> OfHead(RandomData random)
    {
        var (wrong, total) = (0, 0.0);
        for (var trial = 0; trial < 100; trial++)
        {
            var (hidden, vocabulary) = (random.Between(1, 130), random.Between(1, 400));
            var weights = Weights(random, hidden, vocabulary);
            for (var copies = vocabulary / 10; copies > 0; copies--)
                weights.AsSpan(random.Below(vocabulary) * hidden, hidden).CopyTo(weights.AsSpan(random.Below(vocabulary) * hidden));
            var head = new VocabularyHead(vocabulary, hidden, weights);
            var state = random.Normals(hidden);
            float[] exact = [.. Enumerable.Range(0, vocabulary).Select(token => head.Logit(state, token))];
            var (tokens, logits) = (new int[random.Between(1, Math.Min(12, vocabulary))], Array.Empty<float>());
            logits = new float[tokens.Length];
            var found = head.Largest(state, tokens, logits);
            var expected = Enumerable.Range(0, vocabulary).OrderByDescending(token => exact[token]).Take(tokens.Length);
            wrong += tokens.SequenceEqual(expected) && logits.SequenceEqual(tokens.Select(token => exact[token])) ? 0 : 1;
            total = Math.Max(total, Math.Abs(found - Math.Log(exact.Sum(logit => Math.Exp(logit)))));
        }
        yield return Invariant.None("the 7-bit screen finds exactly the largest logits", wrong);
        yield return Invariant.AtMost("the logarithm of the sum of all is close to the exact one", total, 5e-3);
    }

    // Brute force: all paths through the best three guesses of three heads.
    static Invariant OfTree(RandomData random)
    {
        var largest = 0.0;
        for (var trial = 0; trial < 50; trial++)
        {
            var decoder = RandomDecoder(random, 32, 50, 3, perHead: 3);
            var (state, all, tree) = (random.Normals(32), new MedusaTree(MedusaTree.MostNodes), new MedusaTree(20));
            decoder.Draft(state, 0, all);
            decoder.Draft(state, 0, tree);
            var best = Enumerable.Range(1, all.Count - 1).Select(all.Probability).OrderDescending().Take(tree.Count - 1).Sum();
            largest = Math.Max(largest, Math.Abs(best - tree.ExpectedAccepted) + Math.Abs(all.Count - 40));
        }
        return Invariant.AtMost("a tree holds the most probable of all paths", largest, 1e-12);
    }

    static int RisingPaths(RandomData random)
    {
        var tree = new MedusaTree(40);
        RandomDecoder(random, 32, 50, 4, perHead: 5).Draft(random.Normals(32), 0, tree);
        return Enumerable.Range(1, tree.Count - 1)
            .Count(node => tree.Probability(node) > tree.Probability(tree.Parent(node)) || tree.Parent(node) >= node);
    }

    // Each node alone: dense attention over the context and the path to it.
    static Invariant OfAttention(RandomData random)
    {
        var largest = 0.0;
        for (var trial = 0; trial < 100; trial++)
        {
            var kvHeads = random.Between(1, 3);
            var shape = new AttentionShape(kvHeads * random.Between(1, 3), kvHeads, random.Between(1, 40));
            var (tree, context) = (RandomTree(random, random.Between(1, MedusaTree.MostNodes)), random.Below(40));
            var queries = random.Normals(tree.Count * shape.QuerySize);
            var (contextKeys, contextValues) = (random.Normals(context * shape.TokenSize), random.Normals(context * shape.TokenSize));
            var (keys, values) = (random.Normals(tree.Count * shape.TokenSize), random.Normals(tree.Count * shape.TokenSize));
            var output = new float[queries.Length];
            new TreeAttention(shape).Attend(tree, queries, contextKeys, contextValues, keys, values, output);
            for (var node = 0; node < tree.Count; node++)
            {
                int[] path = [.. PathTo(tree, node)];
                var expected = new float[shape.QuerySize];
                DenseAttention.Attend(queries.AsSpan(node * shape.QuerySize, shape.QuerySize), Along(contextKeys, keys, path),
                    Along(contextValues, values, path), expected, shape.Heads, shape.KvHeads, shape.Dim, shape.Scale);
                largest = Math.Max(largest, Difference.Largest(expected, output.AsSpan(node * shape.QuerySize, shape.QuerySize)));
            }

            float[] Along(float[] before, float[] ofTree, int[] path) =>
                [.. Enumerable.Range(0, shape.KvHeads).SelectMany(head => before.Skip(head * context * shape.Dim).Take(context * shape.Dim)
                    .Concat(path.SelectMany(node => ofTree.Skip((head * tree.Count + node) * shape.Dim).Take(shape.Dim))))];
        }
        return Invariant.AtMost("tree attention equals dense attention along each path", largest, AttentionCheck.Tolerance);
    }

    static int NotGreedy(RandomData random)
    {
        const int vocabulary = 3;
        var wrong = 0;
        for (var trial = 0; trial < 500; trial++)
        {
            var tree = RandomTree(random, random.Between(1, 40), vocabulary);
            var logits = random.Normals(tree.Count * vocabulary);
            var found = GreedyAcceptance.OfTree(tree, logits, vocabulary);
            int[] path = [.. PathTo(tree, found.Node)];
            int[] said = [.. path.Select(node => TopK.Argmax(logits.AsSpan(node * vocabulary, vocabulary), "logits"))];
            var kept = path.Length == found.Accepted + 1 && said[^1] == found.Next && tree.Child(found.Node, found.Next) < 0;
            wrong += kept && path.Skip(1).Select(tree.Token).SequenceEqual(said.SkipLast(1)) ? 0 : 1;
        }
        return wrong;
    }

    static int WrongPrefixes(RandomData random)
    {
        var wrong = 0;
        for (var trial = 0; trial < 500; trial++)
        {
            var logits = random.Normals(4 * 3);
            int[] said = [.. logits.Chunk(3).Select(row => TopK.Argmax(row, "logits"))];
            int[] tokens = [.. said.Select(token => random.Share() < 0.7 ? token : (token + 1) % 3)];
            var agreeing = tokens.Zip(said, (a, b) => a == b).TakeWhile(same => same).Count();
            wrong += GreedyAcceptance.OfPath(tokens, logits, 3) == agreeing ? 0 : 1;
        }
        return wrong;
    }

    static MedusaTree RandomTree(RandomData random, int nodes, int vocabulary = 100)
    {
        var tree = new MedusaTree(nodes);
        tree.Restart(0);
        while (tree.Count < nodes)
            tree.Add(random.Below(tree.Count), random.Below(vocabulary), 0.5);
        return tree;
    }

    static IEnumerable<int> PathTo(MedusaTree tree, int node) =>
        node < 0 ? [] : PathTo(tree, tree.Parent(node)).Append(node);
}
