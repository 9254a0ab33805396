using System.Globalization;
using System.IO.Compression;
using System.Text;
using MlPerfEdu.Catalog;
using MlPerfEdu.Fuzz;
using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

/// <summary>Whatever happens to data files, the answer is a data set or a coded error.</summary>
public sealed class DamagedDataTests(ITestOutputHelper output) : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_damaged_datasets_yaml_gives_a_catalog_or_coded_mistakes()
    {
        using var own = typeof(DataCatalog).Assembly.GetManifestResourceStream("datasets.yaml")!;
        var text = new StreamReader(own).ReadToEnd();
        Fuzzing.Try(60, output, number =>
        {
            var damaged = Encoding.UTF8.GetString(new YamlMutation(text, number).Apply());
            if (Record.Exception(() => Fuzzing.OnSmallStack(() => DataCatalog.Parse(damaged, "d.yaml"))) is { } found)
            {
                Assert.All(Assert.IsType<CatalogException>(found).Problems, problem => Assert.Matches(@"^MLP[01]0\d\d\z", problem.Code));
                return;
            }
            // What is accepted can be looked for.
            var store = DataStore.Open(new(null, folder["nowhere"], Offline: true), DataCatalog.Parse(damaged, "d.yaml"));
            Assert.All(store.Catalog.Entries, entry => Assert.True(Record.Exception(() => store.Resolve(entry.Id)) is null or DataException));
        });
    }

    [Fact]
    public void A_damaged_file_gives_samples_or_a_coded_error()
    {
        // What is inside an archive is damaged before it is packed, and some archives afterwards.
        (string Set, string Name, byte[] File, Func<byte[], byte[]> Pack, Func<DataResolution, DataSet> Load)[] sets =
        [
            ("mnist", "train-images-idx3-ubyte.gz", IdxBytes.Of(new byte[12 * 784], 12, 28, 28), IdxBytes.Gzip, Mnist.Load),
            ("mnist", "train-labels-idx1-ubyte.gz", IdxBytes.Of(new byte[12], 12), IdxBytes.Gzip, Mnist.Load),
            ("mnist", "t10k-images-idx3-ubyte.gz", IdxBytes.Gzip(IdxBytes.Of(new byte[5 * 784], 5, 28, 28)), AsItIs, Mnist.Load),
            ("cifar10-part", "derived-data_batch_1-first2000.bin", new byte[4 * CifarBinary.RecordBytes], AsItIs, Cifar10.Load),
            ("cifar10", "cifar-10-binary.tar.gz", CifarArchive(), AsItIs, Cifar10.Load),
            ("speech-commands-v2-test", SpeechArchive, WavBytes.Of(new short[16_000]), SpeechPacked, SpeechCommands.Load),
            ("speech-commands-v2-test", SpeechArchive, SpeechPacked(WavBytes.Of(new short[16_000])), AsItIs, SpeechCommands.Load),
            ("etth1", "ETTh1.csv", Text(EttLines()), AsItIs, Ett.Load),
            ("sst2", "dev.tsv", Text(SstLines(872)), AsItIs, Sst2.Load),
            ("cora", "cora.zip", Text(CoraLines()), content => CoraPacked(content), Cora.Load),
            ("cora", "cora.zip", CoraPacked(Text(CoraLines())), AsItIs, Cora.Load),
            ("movielens-100k", "u.item", MovieLensFiles.Bytes(Movies.Item), AsItIs, MovieLens100K.Load),
            ("movielens-100k", "u.data", MovieLensFiles.Bytes(Movies.Data), AsItIs, MovieLens100K.Load),
            ("tinyshakespeare", "input.txt", Encoding.ASCII.GetBytes("To be, or not to be."), AsItIs, TinyShakespeare.Load),
        ];
        Fuzzing.Try(2 * sets.Length, output, number =>
        {
            var (set, name, file, pack, load) = sets[number % sets.Length];
            var path = folder.Write($"{number}/{name}", pack(ByteMutation.Of(file, number)));
            var files = Others(set).Where(other => other.Name != name).Append((Name: name, Path: path)).ToArray();
            if (Record.Exception(() => load(Resolutions.Of(set, files))) is { } found)
                Assert.True(found is DataException { Code: ['M', 'L', 'P', '1', '0', ..] }, $"{set}, {name}: {found}");
            File.Delete(path);
        });
    }

    [Fact]
    public void Of_two_files_of_one_name_in_an_archive_the_first_is_read()
    {
        var twice = ZipBytes.Of(("cora/cora.content", "no paper"), ("again/cora.content", ""), ("cora/cora.cites", ""));
        Refused("MLP1080", () => Cora.Load(Resolutions.Of("cora", ("cora.zip", folder.Write("cora.zip", twice)))));
    }

    [Fact]
    public void A_series_at_the_end_of_time_is_refused()
    {
        var lines = EttLines();
        lines[1] = "9999-12-31 23:00:00,1,1,1,1,1,1,1";
        Refused("MLP1080", () => Ett.Load(Resolutions.Of("etth1", ("ETTh1.csv", folder.Write("ETTh1.csv", Text(lines))))));
    }

    static void Refused(string code, Action read) => Assert.Equal(code, Assert.Throws<DataException>(read).Code);

    const string SpeechArchive = "speech_commands_test_set_v0.02.tar.gz";

    static readonly MovieLensFiles Movies = new();

    readonly Dictionary<string, (string, string)[]> whole = [];

    /// <summary>The undamaged files of a set, written once.</summary>
    (string Name, string Path)[] Others(string set)
    {
        lock (whole)
        {
            return whole.TryGetValue(set, out var files) ? files : whole[set] = [.. Whole(set).Select(file => (file.Name, folder.Write($"whole/{set}/{file.Name}", file.Content)))];
        }
    }

    static (string Name, byte[] Content)[] Whole(string set) => set switch
    {
        "mnist" =>
        [
            ("train-images-idx3-ubyte.gz", IdxBytes.Of(new byte[12 * 784], 12, 28, 28)), ("train-labels-idx1-ubyte.gz", IdxBytes.Of(new byte[12], 12)),
            ("t10k-images-idx3-ubyte.gz", IdxBytes.Of(new byte[5 * 784], 5, 28, 28)), ("t10k-labels-idx1-ubyte.gz", IdxBytes.Of(new byte[5], 5)),
        ],
        "cifar10-part" => [("derived-test_batch-first1000.bin", new byte[CifarBinary.RecordBytes])],
        "sst2" => [("train.tsv", Text(SstLines(67_349)))],
        "movielens-100k" => [.. Movies.All.Select(file => (file.Name, MovieLensFiles.Bytes(file.Text)))],
        _ => [],
    };

    static byte[] AsItIs(byte[] bytes) => bytes;

    static byte[] Text(IEnumerable<string> lines) => Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    static byte[] CifarArchive() => TarBytes.Of(
        [.. Enumerable.Range(1, 5).Select(i => ($"cifar-10-batches-bin/data_batch_{i}.bin", new byte[CifarBinary.RecordBytes])), ("cifar-10-batches-bin/test_batch.bin", new byte[CifarBinary.RecordBytes])]);

    static byte[] SpeechPacked(byte[] clip) => TarBytes.Of([.. Keywords.Classes.Select(word => ($"top/{word}/{(word == "_silence_" ? "0" : "s0_nohash_0")}.wav", clip))]);

    static byte[] CoraPacked(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in new[] { ("cora/cora.content", content), ("cora/cora.cites", "p7\tp3\n"u8.ToArray()) })
            {
                using var stream = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                stream.Write(text);
            }
        }
        return bytes.ToArray();
    }

    static string[] EttLines() =>
    [
        "date,HUFL,HULL,MUFL,MULL,LUFL,LULL,OT",
        .. Enumerable.Range(0, 17_420).Select(hour => $"{new DateTime(2016, 7, 1).AddHours(hour).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)},1,1.5,2.0,2.5,3.0,3.5,-4.25"),
    ];

    static string[] SstLines(int count) => ["sentence\tlabel", .. Enumerable.Range(0, count).Select(i => $"phrase {i} , n't it \t{i % 2}")];

    static IEnumerable<string> CoraLines() => Enumerable.Range(0, 2708).Select(paper =>
        $"p{paper}\t{string.Join('\t', Enumerable.Range(0, 1433).Select(word => word == paper ? 1 : 0))}\tField_{paper % 7}");
}
