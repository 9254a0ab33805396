namespace MlPerfEdu.Serving.Grammar;

readonly record struct ByteSet(UInt128 Low, UInt128 High)
{
    public static ByteSet Of(int least, int most)
    {
        var set = default(ByteSet);
        for (var value = least; value <= most; value++)
            set = value < 128 ? set with { Low = set.Low | (UInt128.One << value) }
                : set with { High = set.High | (UInt128.One << (value - 128)) };
        return set;
    }

    public bool Contains(byte value) => ((value < 128 ? Low >> value : High >> (value - 128)) & 1) != 0;
}
