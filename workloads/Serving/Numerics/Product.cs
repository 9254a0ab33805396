using System.Runtime.InteropServices;

namespace MlPerfEdu.Serving.Numerics;

/// <summary>Products of row-major matrices that fit into a cache: y = added + scale · x (rows, inner) · b (inner, columns).</summary>
static class Product
{
    /// <summary>y = x·b, one element after the other; the oracle of the fast form.</summary>
    public static void Plain(ReadOnlySpan<float> x, ReadOnlySpan<float> b, Span<float> y, int rows, int inner, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = 0f;
                for (var k = 0; k < inner; k++)
                    sum += x[row * inner + k] * b[k * columns + column];
                y[row * columns + column] = sum;
            }
        }
    }

    /// <summary>y = x·b</summary>
    public static void Into(ReadOnlySpan<float> x, ReadOnlySpan<float> b, Span<float> y, int rows, int inner, int columns)
    {
        y.Clear();
        Add(x, b, y, 1, y, rows, inner, columns);
    }

    /// <summary>y = added + scale · x·b</summary>
    /// <param name="added">(rows, columns), may be y itself.</param>
    public static void Add(
        ReadOnlySpan<float> x, ReadOnlySpan<float> b, ReadOnlySpan<float> added, float scale, Span<float> y,
        int rows, int inner, int columns)
    {
        // Unchecked access follows: the sizes are what makes it safe.
        if (x.Length != rows * inner || b.Length != inner * columns || added.Length != rows * columns || y.Length != added.Length)
            throw new ArgumentException("Lengths and sizes disagree.", nameof(x));
        if (Simd.Is512)
            new ProductTiles<Wide512>(x, b, added, scale, y, inner, columns).Fill(rows);
        else
            new ProductTiles<Wide256>(x, b, added, scale, y, inner, columns).Fill(rows);
    }
}
