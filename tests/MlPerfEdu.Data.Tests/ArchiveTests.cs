using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace MlPerfEdu.Data.Tests;

public sealed class ArchiveTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_the_files_of_folders()
    {
        var path = folder.Write("a.tar.gz", TarBytes.Of(("./one.txt", "1"u8.ToArray()), ("sub/two.txt", "22"u8.ToArray()), ("sub/empty", [])));
        Assert.Equal([("one.txt", "1"), ("sub/two.txt", "22"), ("sub/empty", "")], Contents(path));
    }

    [Fact]
    public void Reads_zip_files() => Assert.Equal([("sub/two.txt", "22")], Contents(ZipOf(("sub/two.txt", "22"))));

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/../../evil")]
    [InlineData("/evil")]
    [InlineData("//evil")]
    [InlineData("a//evil")]
    [InlineData("a/./evil")]
    [InlineData("..")]
    [InlineData("a\\..\\..\\evil")]
    [InlineData("C:evil")]
    [InlineData("a\nb")]
    [InlineData("nul.txt")]
    [InlineData("evil.")]
    [InlineData("evil ")]
    public void A_name_that_is_not_a_plain_path_is_refused(string name)
    {
        var tar = folder.Write("a.tar.gz", TarBytes.Of(("good", [1]), (name, [2])));
        AssertRefused("MLP1061", () => Contents(tar));
        AssertRefused("MLP1061", () => Contents(ZipOf(("good", "1"), (name, "2"))));
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.BlockDevice)]
    public void Links_and_devices_are_refused(TarEntryType type)
    {
        var entry = new PaxTarEntry(type, "link");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink) entry.LinkName = "/etc/passwd";
        var path = folder.Write("a.tar.gz", TarBytes.Of(TarBytes.File("good", [1]), entry));
        AssertRefused("MLP1062", () => Contents(path));
    }

    [Fact]
    public void A_link_in_a_zip_is_refused()
    {
        var path = folder["a.zip"];
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create)) zip.CreateEntry("link").ExternalAttributes = unchecked((int)0xA1FF0000);
        AssertRefused("MLP1062", () => Contents(path));
    }

    [Fact]
    public void More_than_the_bounds_allow_is_refused()
    {
        var path = folder.Write("a.tar.gz", TarBytes.Of(("a", Noise(5000)), ("b", Noise(5000)), ("c", Noise(5000))));
        AssertRefused("MLP1063", () => Contents(path, new(Entries: 2)));
        AssertRefused("MLP1063", () => Contents(path, new(EntryBytes: 4000)));
        AssertRefused("MLP1063", () => Contents(path, new(TotalBytes: 12_000)));
        Contents(path, new(Entries: 3, EntryBytes: 5000, TotalBytes: 1 << 20));
    }

    [Fact]
    public void A_small_file_that_unpacks_to_much_is_refused()
    {
        var zeros = new byte[40 << 20];
        var tar = folder.Write("a.tar.gz", TarBytes.Of(CompressionLevel.SmallestSize, TarBytes.File("zeros", zeros)));
        AssertRefused("MLP1063", () => Contents(tar));
        var zip = folder["a.zip"];
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Create))
        using (var stream = archive.CreateEntry("zeros").Open()) stream.Write(zeros);
        AssertRefused("MLP1063", () => Contents(zip));
    }

    [Fact]
    public void Every_cut_is_found()
    {
        var whole = TarBytes.Of(("a", Noise(3000)), ("b", Noise(700)));
        for (var length = 0; length < whole.Length; length += 37)
        {
            var path = folder.Write("cut.tar.gz", whole[..length]);
            AssertRefused("MLP1060", () => Contents(path));
        }
    }

    [Fact]
    public void A_zip_whose_directory_is_damaged_is_refused()
    {
        var whole = ZipBytes.Of(("a.txt", "one"), ("b.txt", "two"));
        // Signature, and number of entries, of the directory's end.
        whole[whole.Length - 12] ^= 0xff;
        AssertRefused("MLP1060", () => Contents(folder.Write("damaged.zip", whole)));
        whole[whole.Length - 12] ^= 0xff;
        whole[whole.AsSpan().LastIndexOf("PK\x01\x02"u8)] ^= 1;
        AssertRefused("MLP1060", () => Contents(folder.Write("damaged.zip", whole)));
    }

    [Fact]
    public void Damage_never_shows_as_anything_but_a_coded_error()
    {
        var whole = TarBytes.Of(("a", Noise(3000)), ("b", Noise(700)));
        var random = new Xoshiro(7);
        for (var round = 0; round < 200; round++)
        {
            var bytes = whole.ToArray();
            bytes[random.Below(bytes.Length)] ^= (byte)(1 << random.Below(8));
            var path = folder.Write("damaged.tar.gz", bytes);
            if (Record.Exception(() => Contents(path)) is not { } e) continue;
            Assert.StartsWith("MLP106", Assert.IsType<DataException>(e).Code, StringComparison.Ordinal);
        }
    }

    static void AssertRefused(string code, Action read) => Assert.Equal(code, Assert.Throws<DataException>(read).Code);

    static List<(string Name, string Text)> Contents(string path, ArchiveLimits? limits = null) =>
        [.. Archive.Read(path, limits).Select(entry => (string.Join('/', entry.Parts), Encoding.UTF8.GetString(entry.ReadAll())))];

    string ZipOf(params (string Name, string Content)[] files)
    {
        var path = folder[$"{Guid.NewGuid():N}.zip"];
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, content) in files)
        {
            using var stream = zip.CreateEntry(name).Open();
            stream.Write(Encoding.UTF8.GetBytes(content));
        }
        return path;
    }

    static byte[] Noise(int count)
    {
        var random = new Xoshiro(1);
        return [.. Enumerable.Range(0, count).Select(_ => (byte)random.Below(256))];
    }
}
