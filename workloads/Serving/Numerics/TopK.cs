using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPerfEdu.Serving.Numerics;

/// <summary>The largest few of many numbers.</summary>
static class TopK
{
    const int Lanes = 16;

    /// <summary>Their indices, the largest first; of equal numbers the one with the lower index first.</summary>
    [MethodImpl(Simd.Loop)]
    public static void Select(ReadOnlySpan<float> values, Span<int> indices)
    {
        if (indices.IsEmpty)
            return;
        var found = 0;
        for (; found < indices.Length; found++)
            Insert(values, indices[..(found + 1)], found);
        ref var start = ref MemoryMarshal.GetReference(values);
        var index = found;
        // Few values get past the smallest that was chosen: most are passed over 16 at a time.
        for (; index <= values.Length - Lanes; index += Lanes)
        {
            var least = Vector512.Create(values[indices[^1]]);
            var larger = Vector512.GreaterThan(Simd.Load(ref start, index), least).ExtractMostSignificantBits();
            for (; larger != 0; larger &= larger - 1)
                Offer(values, indices, index + BitOperations.TrailingZeroCount(larger));
        }
        for (; index < values.Length; index++)
            Offer(values, indices, index);
    }

    /// <summary>The indices of all that are not below a bound; gives their number.</summary>
    [MethodImpl(Simd.Loop)]
    public static int AtLeast(ReadOnlySpan<float> values, float least, Span<int> indices)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var bound = Vector512.Create(least);
        var (count, index) = (0, 0);
        for (; index <= values.Length - Lanes; index += Lanes)
        {
            var enough = Vector512.GreaterThanOrEqual(Simd.Load(ref start, index), bound).ExtractMostSignificantBits();
            for (; enough != 0; enough &= enough - 1)
                indices[count++] = index + BitOperations.TrailingZeroCount(enough);
        }
        for (; index < values.Length; index++)
        {
            if (values[index] >= least)
                indices[count++] = index;
        }
        return count;
    }

    /// <summary>The index of the largest; the lowest one of equal numbers.</summary>
    /// <param name="what">What the numbers are, when one of them is none.</param>
    [MethodImpl(Simd.Loop)]
    public static int Argmax(ReadOnlySpan<float> values, string what)
    {
        var largest = Simd.FiniteMax(values);
        if (float.IsNaN(largest))
            Guard.Finite(values, what);
        return FirstOf(values, largest);
    }

    static int FirstOf(ReadOnlySpan<float> values, float largest)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var wide = Vector512.Create(largest);
        var index = 0;
        for (; index <= values.Length - Lanes; index += Lanes)
        {
            var equal = Vector512.Equals(Simd.Load(ref start, index), wide).ExtractMostSignificantBits();
            if (equal != 0)
                return index + BitOperations.TrailingZeroCount(equal);
        }
        while (values[index] != largest)
            index++;
        return index;
    }

    static void Offer(ReadOnlySpan<float> values, Span<int> indices, int index)
    {
        if (values[index] > values[indices[^1]])
            Insert(values, indices, index);
    }

    // Takes the place of the last.
    static void Insert(ReadOnlySpan<float> values, Span<int> indices, int index)
    {
        var place = indices.Length - 1;
        for (; place > 0 && values[indices[place - 1]] < values[index]; place--)
            indices[place] = indices[place - 1];
        indices[place] = index;
    }
}
