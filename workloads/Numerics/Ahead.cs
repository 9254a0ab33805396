using System.Runtime.Intrinsics.X86;

namespace MlPerfEdu.Numerics;

/// <summary>
/// Fetches what is read and written next while something is computed, a piece at each step. Blocks are too short, and their streams too many, for
/// the processor to see by itself what comes.
/// </summary>
/// <param name="x">Begins a stream, as do the others; null if there is none.</param>
/// <param name="numbersOfX">The length of the stream of x; the other two are as long as each other.</param>
/// <param name="steps">Calls of <see cref="Step"/> until everything was asked for.</param>
unsafe struct Ahead(float* x, nint numbersOfX, float* y, float* g, nint numbersOfY, int steps)
{
    const int Line = 16;

    readonly int linesOfX = Lines(numbersOfX, steps), linesOfY = Lines(numbersOfY, steps);
    float* x = x, y = y, g = g;

    [MethodImpl(Simd.Inline)]
    public void Step()
    {
        Fetch(ref x, linesOfX);
        Fetch(ref y, linesOfY);
        Fetch(ref g, linesOfY);
    }

    // An address behind the end of everything is no fault: nothing is fetched.
    [MethodImpl(Simd.Inline)]
    static void Fetch(ref float* at, int lines)
    {
        if (!Sse.IsSupported || at is null) return;
        for (var i = 0; i < lines; i++, at += Line) Sse.Prefetch1(at);
    }

    static int Lines(nint numbers, int steps) => (int)((numbers + (nint)Line * steps - 1) / ((nint)Line * steps));
}
