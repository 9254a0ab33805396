using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

/// <param name="Small">Rows and width where each number is nudged by itself.</param>
/// <param name="Product">Rows, columns and inner size of the products.</param>
/// <param name="Samples">Of each timed setting.</param>
sealed record CheckSizes(int Positions, int Width, int Vocabulary, IReadOnlyList<int> Small, int Product, int Samples)
{
    public static CheckSizes Of(Geometry geometry) => new(
        geometry.Int("positions"), geometry.Int("width"), geometry.Int("vocabulary"), geometry.Ints("small"), geometry.Int("product"),
        geometry.Int("samples"));
}
