namespace MlPerfEdu.Data.Tests;

public class IdxFileTests
{
    static readonly byte[] Good = IdxBytes.Of([1, 2, 3, 4, 5, 6], 2, 3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_plain_and_compressed_files(bool compressed)
    {
        var file = Read(compressed ? IdxBytes.Gzip(Good) : Good);
        Assert.Equal([2, 3], file.Dimensions);
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 6 }, file.Values);
    }

    [Theory]
    [InlineData(0, 7, "offset 0")]
    [InlineData(2, 0x0d, "value type 0x0d")]
    [InlineData(3, 0, "0 dimensions")]
    [InlineData(3, 9, "9 dimensions")]
    [InlineData(4, 0xff, "dimension 0")]
    [InlineData(4, 0x7f, "dimension 1")]
    public void A_wrong_header_is_named_with_its_offset(int offset, byte value, string expected)
    {
        var bytes = Good.ToArray();
        bytes[offset] = value;
        var e = Assert.Throws<DataException>(() => Read(bytes));
        Assert.Contains("x.idx", e.Message);
        Assert.Contains(expected, e.Message);
    }

    [Fact]
    public void Every_cut_is_found()
    {
        for (var length = 0; length < Good.Length; length++)
            Assert.Equal("MLP1081", Assert.Throws<DataException>(() => Read(Good[..length])).Code);
    }

    [Fact]
    public void Every_cut_of_a_compressed_file_is_found()
    {
        var packed = IdxBytes.Gzip(IdxBytes.Of([.. Enumerable.Range(0, 600).Select(i => (byte)(i * 37))], 600));
        // The last eight bytes are gzip's own checksum and length; everything before carries data.
        for (var length = 0; length < packed.Length - 8; length += 7)
            Assert.StartsWith("MLP108", Assert.Throws<DataException>(() => Read(packed[..length])).Code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_too_many_is_found() => Assert.Equal("MLP1082", Assert.Throws<DataException>(() => Read([.. Good, 0])).Code);

    [Fact]
    public void A_short_file_that_announces_much_allocates_little()
    {
        var lies = IdxBytes.Of([1, 2, 3], 2_000_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("MLP1081", Assert.Throws<DataException>(() => Read(lies)).Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    static IdxFile Read(byte[] bytes) => IdxFile.Read(new MemoryStream(bytes), "x.idx");
}
