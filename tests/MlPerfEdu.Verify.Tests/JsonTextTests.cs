namespace MlPerfEdu.Snapshots.Tests;

public sealed class JsonTextTests : IDisposable
{
    readonly SnapshotFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""{"b":1,"a":{"z":null,"list":[],"object":{},"h":false}}""", "{\n  b: 1,\n  a: {\n    z: null,\n    h: false\n  }\n}")]
    [InlineData("""[1, 2.0, 0.10, -0.0, 1E5, 1e-7, "s", null, true, [], {}, [[]]]""",
        "[\n  1,\n  2.0,\n  0.1,\n  -0.0,\n  100000.0,\n  1E-07,\n  s,\n  null,\n  true,\n  []\n]")]
    [InlineData("""{"big":12345678901234567890123}""", "{\n  big: 12345678901234567890123\n}")]
    [InlineData("""{"lines":"a\nb","quoted":"\"","letter":"\u0041"}""", "{\n  lines:\na\nb,\n  quoted: \",\n  letter: A\n}")]
    [InlineData("""{"at":"2020-01-02T03:04:05Z"}""", "{\n  at: DateTimeOffset_1\n}")]
    [InlineData("[]", "[]")]
    [InlineData("{}", "{}")]
    [InlineData("true", "true")]
    [InlineData("12.50", "12.5")]
    [InlineData("null", "null")]
    [InlineData("\"text\"", "text")]
    public async Task JSON_is_written_without_quotes_in_its_own_order(string json, string text) =>
        Assert.Equal(text, await folder.Accepted(VerifyJson(json)));

    [Theory]
    [InlineData("{")]
    [InlineData("""{"a":1,"a":2}""")]
    public async Task What_is_no_JSON_fails(string json)
    {
        await Failing.Message(VerifyJson(json).UseDirectory(folder.Path).UseFileName("bad").DisableRequireUniquePrefix());
        Assert.Empty(folder.Files);
    }
}
