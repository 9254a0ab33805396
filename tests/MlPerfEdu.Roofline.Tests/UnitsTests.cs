namespace MlPerfEdu.Roofline.Tests;

public class UnitsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.00 kB")]
    [InlineData(18_288_576, "18.3 MB")]
    [InlineData(999_600, "1000 kB")]
    [InlineData(1.5e-6, "1.50 µB")]
    public void Numbers_have_three_digits_and_a_prefix(double value, string expected) => Assert.Equal(expected, Units.Si(value, "B"));
}
