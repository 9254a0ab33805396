namespace MlPerfEdu.Numerics;

static class TopK
{
    /// <summary>The indices of the largest, in descending order; of equal numbers the lower index first.</summary>
    public static void Select(ReadOnlySpan<float> values, Span<int> indices)
    {
        if (indices.IsEmpty)
            return;
        if (Simd.Is512) Select<Wide512>(values, indices);
        else Select<Wide256>(values, indices);
    }

    [MethodImpl(Simd.Loop)]
    static void Select<T>(ReadOnlySpan<float> values, Span<int> indices) where T : struct, IWide<T>
    {
        var found = 0;
        for (; found < indices.Length; found++)
            Insert(values, indices[..(found + 1)], found);
        ref var start = ref MemoryMarshal.GetReference(values);
        var index = found;
        // Few values get past the smallest that was chosen: most are passed over a vector at a time.
        for (; index <= values.Length - T.Lanes; index += T.Lanes)
        {
            var larger = T.Bits(T.Less(T.Create(values[indices[^1]]), T.Load(ref start, index)));
            for (; larger != 0; larger &= larger - 1)
                Offer(values, indices, index + BitOperations.TrailingZeroCount(larger));
        }
        for (; index < values.Length; index++)
            Offer(values, indices, index);
    }

    /// <summary>The indices of all values from a bound on; gives their number.</summary>
    public static int AtLeast(ReadOnlySpan<float> values, float least, Span<int> indices) =>
        Simd.Is512 ? AtLeast<Wide512>(values, least, indices) : AtLeast<Wide256>(values, least, indices);

    [MethodImpl(Simd.Loop)]
    static int AtLeast<T>(ReadOnlySpan<float> values, float least, Span<int> indices) where T : struct, IWide<T>
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var bound = T.Create(least);
        var (count, index) = (0, 0);
        for (; index <= values.Length - T.Lanes; index += T.Lanes)
        {
            var enough = T.Bits(T.AtLeast(T.Load(ref start, index), bound));
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

    /// <summary>The index of the largest, the lowest of several.</summary>
    /// <param name="what">Names the values if one is not finite.</param>
    public static int Argmax(ReadOnlySpan<float> values, string what)
    {
        var largest = Simd.FiniteMax(values);
        if (float.IsNaN(largest))
            Guard.Finite(values, what);
        return Simd.Is512 ? FirstOf<Wide512>(values, largest) : FirstOf<Wide256>(values, largest);
    }

    [MethodImpl(Simd.Loop)]
    static int FirstOf<T>(ReadOnlySpan<float> values, float largest) where T : struct, IWide<T>
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var wide = T.Create(largest);
        var index = 0;
        for (; index <= values.Length - T.Lanes; index += T.Lanes)
        {
            var equal = T.Bits(T.Equal(T.Load(ref start, index), wide));
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
