using System.Text;
using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public class TinyShakespeareTests(ITestOutputHelper output)
{
    [Fact]
    public void Trains_on_the_beginning_and_scores_the_rest()
    {
        using var folder = new TempFolder();
        var real = RealData.Find("tinyshakespeare", output);
        var text = Encoding.ASCII.GetBytes("First Citizen:\nBefore we proceed any further, hear me speak.\n");
        var set = TinyShakespeare.Load(real ?? Of(folder, text));
        Assert.StartsWith("First Citizen:\nBefore", Encoding.ASCII.GetString(set.Train), StringComparison.Ordinal);
        Assert.Equal(real is null ? (48, 13) : (892_315, 223_079), (set.Train.Length, set.Test.Length));
        if (real is null) Assert.Equal(text, set.Train.Concat(set.Test));
        else Assert.Equal(65, set.Train.Concat(set.Test).Distinct().Count());
        Assert.Equal(DataTier.Real, set.Provenance.Tier);
    }

    [Fact]
    public void A_byte_that_is_not_ascii_is_refused()
    {
        using var folder = new TempFolder();
        var e = Assert.Throws<DataException>(() => TinyShakespeare.Load(Of(folder, [65, 66, 128, 67])));
        Assert.Equal("MLP1080", e.Code);
        Assert.Contains("offset 2", e.Message);
    }

    static DataResolution Of(TempFolder folder, byte[] text) => Resolutions.Of("tinyshakespeare", ("input.txt", folder.Write("input.txt", text)));
}
