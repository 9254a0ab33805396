namespace MlPerfEdu.Data.Tests;

public class DataReadersTests
{
    [Theory]
    [InlineData("mnist", typeof(ImageDataSet))]
    [InlineData("cifar10", typeof(ImageDataSet))]
    [InlineData("cifar10-part", typeof(ImageDataSet))]
    [InlineData("cifar100", typeof(ImageDataSet))]
    [InlineData("wake-vision", typeof(ImageDataSet))]
    [InlineData("synthetic-strokes", typeof(ImageDataSet))]
    [InlineData("synthetic-scenes", typeof(ImageDataSet))]
    [InlineData("synthetic-patterns", typeof(ImageDataSet))]
    [InlineData("synthetic-figures", typeof(ImageDataSet))]
    [InlineData("speech-commands-v2-test", typeof(KeywordDataSet))]
    [InlineData("speech-commands-v2", typeof(KeywordDataSet))]
    [InlineData("synthetic-keywords", typeof(KeywordDataSet))]
    [InlineData("movielens-100k", typeof(RatingsDataSet))]
    [InlineData("synthetic-ratings", typeof(RatingsDataSet))]
    [InlineData("tinyshakespeare", typeof(TextDataSet))]
    [InlineData("synthetic-sentences", typeof(TextDataSet))]
    [InlineData("cora", typeof(CitationGraph))]
    [InlineData("synthetic-citations", typeof(CitationGraph))]
    [InlineData("etth1", typeof(SeriesDataSet))]
    [InlineData("synthetic-series", typeof(SeriesDataSet))]
    [InlineData("sst2", typeof(SentenceDataSet))]
    [InlineData("synthetic-reviews", typeof(SentenceDataSet))]
    [InlineData("hotpotqa", typeof(PassageDataSet))]
    [InlineData("mbpp-sanitized", typeof(PythonProblemSet))]
    [InlineData("bfcl-simple", typeof(FunctionCallSet))]
    [InlineData("synthetic-passages", typeof(PassageDataSet))]
    public void A_data_set_has_a_reader_of_its_kind(string id, Type kind) => Assert.Equal(kind, DataReaders.KindOf(id));

    // CartPole is simulated: there is nothing to read.
    [Fact]
    public void Readers_and_datasets_yaml_name_the_same_ids() => Assert.Equal(
        DataCatalog.BuiltIn.Entries.Select(entry => entry.Id).Where(id => id != "cartpole").Order(), DataReaders.Ids.Order());

    [Fact]
    public void A_reader_reads()
    {
        var data = DataStore.Open(new(null, "nowhere", Offline: true)).Resolve("synthetic-citations");
        Assert.Equal(Embedded.Citations.Value.Provenance.Files, DataReaders.Find<CitationGraph>("synthetic-citations")!(data).Provenance.Files);
    }

    [Fact]
    public void There_is_no_reader_of_another_kind_or_of_an_unknown_id()
    {
        Assert.Null(DataReaders.Find<TextDataSet>("mnist"));
        Assert.Null(DataReaders.Find<TextDataSet>("cartpole"));
        Assert.Null(DataReaders.KindOf("nothing"));
    }

    [Fact]
    public void Two_readers_of_one_id_are_refused()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => DataReaders.In([typeof(First), typeof(Second)]));
        Assert.Equal("Data set 'twice' has two readers, First.Load and Second.Read, expected one. Remove one [Reads].", refused.Message);
        Assert.Equal(["once", "twice"], DataReaders.In([typeof(First)]).Keys.Order());
    }

    static class First
    {
        [Reads("once", "twice")]
        public static TextDataSet Load(DataResolution data) => throw new NotSupportedException($"{data}");
    }

    static class Second
    {
        [Reads("twice")]
        public static TextDataSet Read(DataResolution data) => throw new NotSupportedException($"{data}");
    }
}
