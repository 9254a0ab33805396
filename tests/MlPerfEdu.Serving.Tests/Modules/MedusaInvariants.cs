using MlPerfEdu.Serving.Medusa;
using static MlPerfEdu.Serving.Medusa.MedusaKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("medusa")]
sealed class MedusaInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        var (check, random) = (new Trials(), new RandomData(11));
        for (var trial = 0; trial < 100; trial++)
            CheckHead(random, check);
        return
        [
            .. check.Invariants,
            KernelInvariant.AtMost("a tree holds the most probable of all paths", 1e-12, 50, () => ToBestPaths(random)),
            KernelInvariant.None("a path's probability never rises along it", RisingPaths(random)),
            KernelInvariant.AtMost("tree attention equals dense attention along each path", AttentionCheck.Tolerance, 100, () => ToDense(random)),
            KernelInvariant.True("a tree yields the tokens of greedy decoding, for any logits", 500, () => IsGreedy(random)),
            KernelInvariant.True("a path keeps its longest agreeing beginning", 500, () => KeepsAgreeing(random)),
        ];
    }

    // Compares with a full sort of exact logits; rows are repeated so that there are ties.
    static void CheckHead(RandomData random, Trials check)
    {
        var (hidden, vocabulary) = (random.Between(1, 130), random.Between(1, 400));
        var weights = random.Weights(vocabulary, hidden);
        for (var copies = vocabulary / 10; copies > 0; copies--)
            weights.AsSpan(random.Below(vocabulary) * hidden, hidden).CopyTo(weights.AsSpan(random.Below(vocabulary) * hidden));
        var head = new VocabularyHead(vocabulary, hidden, weights);
        var state = random.Normals(hidden);
        float[] exact = [.. Enumerable.Range(0, vocabulary).Select(token => head.Logit(state, token))];
        var tokens = new int[random.Between(1, Math.Min(12, vocabulary))];
        var logits = new float[tokens.Length];
        var logSum = head.Largest(state, tokens, logits);
        var expected = Enumerable.Range(0, vocabulary).OrderByDescending(token => exact[token]).Take(tokens.Length);
        check.True("the 7-bit screen finds exactly the largest logits",
            tokens.SequenceEqual(expected) && logits.SequenceEqual(tokens.Select(token => exact[token])));
        check.AtMost("the logarithm of the sum of all is close to the exact one", 5e-3,
            Math.Abs(logSum - Math.Log(exact.Sum(logit => Math.Exp(logit)))));
    }

    // Brute force: all paths through the best three guesses of three heads.
    static double ToBestPaths(RandomData random)
    {
        var decoder = RandomDecoder(random, 32, 50, 3, perHead: 3);
        var (state, all, tree) = (random.Normals(32), new MedusaTree(MedusaTree.MostNodes), new MedusaTree(20));
        decoder.Draft(state, 0, all);
        decoder.Draft(state, 0, tree);
        var best = Enumerable.Range(1, all.Count - 1).Select(node => all[node].Probability).OrderDescending().Take(tree.Count - 1).Sum();
        return Math.Abs(best - tree.ExpectedAccepted) + Math.Abs(all.Count - 40);
    }

    static int RisingPaths(RandomData random)
    {
        var tree = new MedusaTree(40);
        RandomDecoder(random, 32, 50, 4, perHead: 5).Draft(random.Normals(32), 0, tree);
        return Enumerable.Range(1, tree.Count - 1)
            .Count(node => tree[node].Probability > tree[tree[node].Parent].Probability || tree[node].Parent >= node);
    }

    // Each node alone: dense attention over the context and the path to it.
    static double ToDense(RandomData random)
    {
        var shape = AttentionCheck.RandomShape(random, 3, 3, 40);
        var (tree, context) = (RandomTree(random, random.Between(1, MedusaTree.MostNodes)), random.Below(40));
        var queries = random.Normals(tree.Count * shape.QuerySize);
        var (contextKeys, contextValues) = (random.Normals(context * shape.TokenSize), random.Normals(context * shape.TokenSize));
        var (keys, values) = (random.Normals(tree.Count * shape.TokenSize), random.Normals(tree.Count * shape.TokenSize));
        var output = new float[queries.Length];
        new TreeAttention(shape).Attend(tree, queries, contextKeys, contextValues, keys, values, output);
        return Enumerable.Range(0, tree.Count).Max(node =>
        {
            int[] path = [.. PathTo(tree, node)];
            var at = node * shape.QuerySize;
            return AttentionCheck.Difference(shape, queries[at..(at + shape.QuerySize)], Along(contextKeys, keys, path),
                Along(contextValues, values, path), alone => output.AsSpan(at, shape.QuerySize).CopyTo(alone));
        });

        float[] Along(float[] before, float[] ofTree, int[] path) => AttentionCheck.AllHeads(shape, head =>
            [.. before.Skip(head * context * shape.Dim).Take(context * shape.Dim),
                .. path.SelectMany(node => ofTree.Skip((head * tree.Count + node) * shape.Dim).Take(shape.Dim))]);
    }

    static bool IsGreedy(RandomData random)
    {
        const int vocabulary = 3;
        var tree = RandomTree(random, random.Between(1, 40), vocabulary);
        var logits = random.Normals(tree.Count * vocabulary);
        var acceptance = GreedyAcceptance.OfTree(tree, logits, vocabulary);
        int[] path = [.. PathTo(tree, acceptance.Node)];
        int[] chosen = [.. path.Select(node => TopK.Argmax(logits.AsSpan(node * vocabulary, vocabulary), "logits"))];
        return path.Length == acceptance.Accepted + 1 && chosen[^1] == acceptance.Next && tree.Child(acceptance.Node, acceptance.Next) < 0
            && path.Skip(1).Select(node => tree[node].Token).SequenceEqual(chosen.SkipLast(1));
    }

    static bool KeepsAgreeing(RandomData random)
    {
        var logits = random.Normals(4 * 3);
        int[] chosen = [.. logits.Chunk(3).Select(row => TopK.Argmax(row, "logits"))];
        int[] tokens = [.. chosen.Select(token => random.Share() < 0.7 ? token : (token + 1) % 3)];
        return GreedyAcceptance.OfPath(tokens, logits, 3) == tokens.Zip(chosen, (a, b) => a == b).TakeWhile(same => same).Count();
    }

    static MedusaTree RandomTree(RandomData random, int nodes, int vocabulary = 100)
    {
        var tree = new MedusaTree(nodes);
        tree.Restart(0);
        while (tree.Count < nodes)
            tree.Add(random.Below(tree.Count), random.Below(vocabulary), 0.5);
        return tree;
    }

    static IEnumerable<int> PathTo(MedusaTree tree, int node) => node < 0 ? [] : PathTo(tree, tree[node].Parent).Append(node);
}
