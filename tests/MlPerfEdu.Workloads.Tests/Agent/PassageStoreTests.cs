using MlPerfEdu.Data;
using MlPerfEdu.Numerics;
using MlPerfEdu.Workloads.Agent.NanoRag;

namespace MlPerfEdu.Workloads.Tests.Agent;

public class PassageStoreTests
{
    const int Width = 48;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(1000)]
    public void The_nearest_are_the_first_of_a_full_sort_with_ties(int passages)
    {
        var random = new Xoshiro(7);
        // Few different vectors, so that many products are equal.
        var different = Enumerable.Range(0, 9).Select(_ => Vector(ref random)).ToList();
        var vectors = Enumerable.Range(0, passages).Select(_ => different[random.Below(different.Count)]).ToList();
        var store = new PassageStore(vectors, Width);
        for (var repeat = 0; repeat < 20; repeat++)
        {
            var question = Vector(ref random);
            var sorted = Enumerable.Range(0, passages).OrderByDescending(i => Simd.Dot(question, vectors[i])).ThenBy(i => i);
            Assert.Equal(sorted.Take(3), store.Nearest(question, 3));
        }
    }

    [Fact]
    public void Vectors_of_another_width_are_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => new PassageStore([new float[Width], new float[Width - 1]], Width));
        Assert.StartsWith("95 numbers for 2 passages; expected 48 for each.", refused.Message);
    }

    static float[] Vector(ref Xoshiro random)
    {
        var vector = new float[Width];
        for (var i = 0; i < Width; i++) vector[i] = (float)random.Bell();
        return vector;
    }
}
