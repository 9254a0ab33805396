using System.Net;
using MlPerfEdu.Data;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class DataCommandTests
{
    [Fact]
    public void A_damaged_file_is_named_and_exits_3()
    {
        using var clone = new Clone();
        var path = Path.Combine(clone.Cache, "data", "mnist", "t10k-labels-idx1-ubyte.gz");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new byte[4542]);
        var answer = Answer.To(clone, "data verify");
        Assert.Equal(3, answer.Exit);
        Assert.Contains($"error MLP1022: {path}", answer.Out);
    }

    [Fact]
    public void What_is_named_must_be_here_and_what_is_generated_always_is()
    {
        using var clone = new Clone();
        Assert.Equal(0, Answer.To(clone, "data verify").Exit);
        Assert.Equal(0, Answer.To(clone, "data verify synthetic-strokes").Exit);
        var missing = Answer.To(clone, "data verify mnist");
        Assert.Equal(3, missing.Exit);
        Assert.Contains("MLP2009", missing.Out);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_a_data_error()
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, ["data", "list"], null, new() { ["MLPERFEDU_DATA"] = "/does/not/exist" });
        Assert.Equal(3, answer.Exit);
        Assert.StartsWith("error MLP1023: MLPERFEDU_DATA", answer.Error);
    }

    [Fact]
    public void Terms_are_shown_before_the_first_byte_is_asked_for()
    {
        using var clone = new Clone();
        var shownBefore = "";
        var answer = Answer.To(clone, ["data", "fetch", "mnist"], services => services with
        {
            Fetcher = () => new Fetcher(new FetchOptions { Attempts = 1 }, new NotFound(() => shownBefore = services.Error.ToString()!)),
        });
        Assert.Contains("licence: CC BY-SA 3.0", shownBefore);
        Assert.Contains("cite:", shownBefore);
        Assert.Equal(3, answer.Exit);
        Assert.Contains("error MLP1042", answer.Error);
        Assert.Contains("not fetched (MLP1042)", answer.Out);
    }

    [Fact]
    public void What_cannot_be_fetched_says_how_to_get_it()
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, ["data", "fetch", "wake-vision", "synthetic-strokes"], services => services with { Fetcher = () => new Fetcher() });
        Assert.Equal(3, answer.Exit);
        Assert.Contains("MLP2007", answer.Error);
        Assert.Contains("synthetic-strokes: generated", answer.Out);
    }

    sealed class NotFound(Action asked) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            asked();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
        }
    }
}
