using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Tests.Classify;

public class IntervalTests
{
    static readonly Interval TwoToSix = new(2, 6);

    [Fact]
    public void Its_middle_is_half_way() => Assert.Equal(4, TwoToSix.Middle);

    [Theory]
    [InlineData(1, 3, 1, 6)]
    [InlineData(3, 7, 2, 7)]
    [InlineData(3, 4, 2, 6)]
    [InlineData(8, 9, 2, 9)]
    [InlineData(0, 1, 0, 6)]
    public void A_span_covers_both(double low, double high, double spanLow, double spanHigh) =>
        Assert.Equal(new Interval(spanLow, spanHigh), TwoToSix.Span(new Interval(low, high)));

    [Fact]
    public void Division_turns_it_round() => Assert.Equal(new Interval(2, 6), 12 / TwoToSix);

    [Fact]
    public void Widening_works_on_both_ends() => Assert.Equal(new Interval(1, 12), TwoToSix.Widened(2));

    [Theory]
    [InlineData(1.99, false)]
    [InlineData(2, true)]
    [InlineData(6, true)]
    [InlineData(6.01, false)]
    public void It_crosses_what_it_has_on_both_sides_or_at_an_end(double edge, bool crosses)
    {
        Assert.Equal(crosses, TwoToSix.Crosses(edge));
        Assert.False(Interval.Exactly(edge).Crosses(edge));
    }
}
