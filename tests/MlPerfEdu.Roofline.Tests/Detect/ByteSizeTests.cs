using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Tests.Detect;

public class ByteSizeTests
{
    [Theory]
    [InlineData("48K\n", 49_152)]
    [InlineData("3M", 3_145_728)]
    [InlineData("2G", 2_147_483_648)]
    [InlineData(" 24037180 kB ", 24_614_072_320)]
    [InlineData("512", 512)]
    [InlineData("7 B", 7)]
    [InlineData("", 0)]
    [InlineData("K", 0)]
    [InlineData("99999999999999999999K", 0)]
    public void Units_are_powers_of_1024_and_what_is_no_number_is_0(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));
}
