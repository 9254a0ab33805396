using MlPerfEdu.Numerics;
using MlPerfEdu.Workloads.Cloud.NanoGpt;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

// A step. Its products keep the processor busy and its attention the memory, so the halves of a batch go through the layers half a layer apart:
// while one multiplies, the other reads its caches.
public sealed unsafe partial class CachedGpt
{
    // Weights are read once more, mostly from the last cache; with fewer rows that would cost more than it gains.
    const int LeastRowsOfHalf = 4;

    readonly Group alone;
    readonly Group[] halves;
    volatile bool isHalved;
    int begun, released;

    /// <summary>Threads that take some rows through all layers.</summary>
    sealed class Group(int threads)
    {
        readonly Meeting meeting = new(threads);

        public int Threads => threads;

        public int First { get; set; }

        public int Rows { get; set; }

        public void Meet() => meeting.Meet();

        public (int From, int To) Share(int member, int units) =>
            ((int)((long)units * member / threads), (int)((long)units * (member + 1) / threads));
    }

    /// <summary>One of the team's threads, and which it is in its group.</summary>
    readonly record struct Worker(Group Group, int Member, int Thread);

    /// <param name="independent">Whether no row reads what another one writes.</param>
    void Run(int rows, bool independent)
    {
        isHalved = independent && team.Size % 2 == 0 && rows >= 2 * LeastRowsOfHalf;
        (alone.First, alone.Rows) = (0, rows);
        (halves[0].First, halves[0].Rows) = (0, (rows + 1) / 2);
        (halves[1].First, halves[1].Rows) = (halves[0].Rows, rows / 2);
        begun++;
        team.Run(step);
    }

    void Step(int thread)
    {
        if (!isHalved)
        {
            Walk(new(alone, thread, thread));
            return;
        }

        var (half, member) = Math.DivRem(thread, halves[0].Threads);
        var waiting = new SpinWait();
        while (half == 1 && Volatile.Read(ref released) != begun)
            waiting.SpinOnce(sleep1Threshold: -1);
        Walk(new(halves[half], member, thread));
    }

    void Walk(Worker worker)
    {
        var (width, inner, group) = (geometry.Width, NanoGptGeometry.MlpRatio * geometry.Width, worker.Group);
        if (worker.Member == 0)
            Embed(group);
        group.Meet();
        for (var index = 0; index < weights.Layers.Length; index++)
        {
            ref readonly var layer = ref weights.Layers[index];
            Normalise(worker, layer.AttentionNorm);
            Product(worker, layer.QueryKeyValue, normed[worker.Thread].Address, width, projected, 3 * width, add: false);
            group.Meet();
            Attend(worker, index);
            group.Meet();
            if (index == 0)
                Volatile.Write(ref released, begun);
            Product(worker, layer.Output, Rows(attended, width, group), width, residual, width, add: true);
            group.Meet();
            Normalise(worker, layer.MlpNorm);
            Product(worker, layer.Up, normed[worker.Thread].Address, width, hidden, inner, add: false);
            Activate(worker);
            group.Meet();
            Product(worker, layer.Down, Rows(hidden, inner, group), inner, residual, width, add: true);
            group.Meet();
        }

        Normalise(worker, weights.Norm);
        Product(worker, weights.Classifier, normed[worker.Thread].Address, width, logits, geometry.Vocabulary, add: false);
    }

    static float* Rows(NativeFloats numbers, int width, Group group) => numbers.Address + group.First * width;
}
