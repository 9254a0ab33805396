using System.Globalization;
using System.Text;
using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public sealed class EttTests(ITestOutputHelper output) : IDisposable
{
    const int Hours = 17_420, Kept = 11_520;
    const string Header = "date,HUFL,HULL,MUFL,MULL,LUFL,LULL,OT";

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_the_hours_to_train_on_and_those_to_score()
    {
        var set = Ett.Load(RealData.Find("etth1", output) ?? Of(Lines()));
        Assert.Equal((8640, Kept, 7), (set.Train, set.Rows, set.Names.Count));
        Assert.Equal("OT", set.Names[^1]);
        // The first hour's loads and temperature, as published.
        Assert.Equal([5.827f, 2.009f, 1.599f, 0.462f, 4.203f, 1.340f, 30.531f], set.Values[..7]);
        Assert.Equal(DataTier.Real, set.Provenance.Tier);
    }

    [Fact]
    public void Keeps_what_the_file_says()
    {
        var set = Ett.Load(Of(Lines()));
        Assert.Equal([1f, 1.5f, 2, 2.5f, 3, 3.5f, -4.25f], set.Values[(100 * 7)..(101 * 7)]);
    }

    [Theory]
    [InlineData(1, "date,HUFL,HULL,MUFL,MULL,LUFL,OT,LULL", "'OT' in field 7")]
    [InlineData(1, "2016-07-01 00:00:00,1,1,1,1,1,1,1", "'2016-07-01 00:00:00' in field 1")]
    [InlineData(3, "2016-07-01 02:00:00,1,1,1,1,1,1,1", "'2016-07-01 02:00:00' in field 1")]
    [InlineData(3, "01.07.2016 01:00,1,1,1,1,1,1,1", "'01.07.2016 01:00' in field 1")]
    [InlineData(9000, "2017-07-10 22:00:00,1,1,1,1,1,1", "7 fields")]
    [InlineData(17_421, "2018-06-26 19:00:00,1,1,1,NaN,1,1,1", "'NaN' in field 5")]
    [InlineData(17_421, "2018-06-26 19:00:00,1,1,1,1e99,1,1,1", "'1e99' in field 5")]
    [InlineData(17_421, "2018-06-26 19:00:00,1,1,1,\"1\",1,1,1", "in field 5")]
    public void A_line_that_is_not_etth1_s_is_refused(int line, string text, string found)
    {
        var lines = Lines();
        lines[line - 1] = text;
        var e = Assert.Throws<DataException>(() => Ett.Load(Of(lines)));
        Assert.Equal("MLP1080", e.Code);
        Assert.Contains($"ETTh1.csv, line {line}: found ", e.Message);
        Assert.Contains(found, e.Message);
    }

    [Fact]
    public void A_missing_or_doubled_hour_is_refused()
    {
        Assert.Equal("MLP1085", Assert.Throws<DataException>(() => Ett.Load(Of(Lines()[..^1]))).Code);
        Assert.Equal("MLP1085", Assert.Throws<DataException>(() => Ett.Load(Of([]))).Code);
        var doubled = Lines();
        doubled[500] = doubled[499];
        Assert.Contains("line 501", Assert.Throws<DataException>(() => Ett.Load(Of(doubled))).Message);
    }

    // In the original's exact layout, its first hour included.
    static string[] Lines() =>
    [
        Header, "2016-07-01 00:00:00,5.827000141143799,2.009000062942505,1.5989999771118164,0.4620000123977661,4.203000068664552,1.3400000333786009,30.5310001373291",
        .. Enumerable.Range(1, Hours - 1).Select(hour =>
            $"{new DateTime(2016, 7, 1).AddHours(hour).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)},1,1.5,2.0,2.5,3.0,3.5,-4.25"),
    ];

    DataResolution Of(string[] lines) => Resolutions.Of("etth1", ("ETTh1.csv", folder.Write("ETTh1.csv", Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n"))));
}
