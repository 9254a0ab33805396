using System.Text;

namespace MlPerfEdu.Snapshots.Tests;

public sealed class ObjectTextTests : IDisposable
{
    readonly SnapshotFolder folder = new();

    public void Dispose() => folder.Dispose();

    enum Axis
    {
        None,
        Memory,
        Compute,
    }

    record Layer(string Name, int Parameters, double? Rate = null);

    sealed record Convolution(string Name, int Parameters, bool Biased, Axis Bound) : Layer(Name, Parameters)
    {
        public int[] Kernel { get; init; } = [3, 3];
    }

    [Fact]
    public Task Plain_values_stand_by_themselves() => Texts(
        ("text", "text"), ("", "emptyString"), (null, "null"), ("\uFEFFmarked", "marked"), ("a\r\nb\n", "a\nb\n"),
        (5, "5"), (1.0, "1"), (0.1, "0.1"), (1.50m, "1.50"), (true, "True"), ('c', "c"), (Axis.Compute, "Compute"), ((Axis)7, "7"),
        (new StringBuilder("built"), "built"), (Guid.Empty, "00000000-0000-0000-0000-000000000000"));

    [Fact]
    public Task Members_come_without_quotes_and_without_defaults() => Texts(
        (new Layer("conv", 0), "{\n  Name: conv\n}"),
        (new Layer("conv", 3, 0), "{\n  Name: conv,\n  Parameters: 3,\n  Rate: 0.0\n}"),
        (new Layer("", 0), "{\n  Name: \n}"),
        (new { }, "{}"),
        (new { a = new { }, none = (string?)null, empty = Array.Empty<int>(), no = false }, "{\n  a: {},\n  no: false\n}"),
        ((1, "b"), "{\n  Item1: 1,\n  Item2: b\n}"));

    [Fact]
    public Task Members_of_the_derived_class_come_first() => Texts(
        (new Convolution("conv", 9, false, Axis.Memory),
            "{\n  Biased: false,\n  Bound: Memory,\n  Kernel: [\n    3,\n    3\n  ],\n  Name: conv,\n  Parameters: 9\n}"));

    sealed class Node
    {
        public Node? Next { get; set; }
        public int Id { get; set; } = 1;
    }

    [Fact]
    public Task A_value_that_contains_itself_is_shown_once()
    {
        var (ring, shared) = (new Node(), new Node());
        ring.Next = new Node { Id = 2, Next = ring };
        return Texts(
            (ring, "{\n  Next: {\n    Id: 2\n  },\n  Id: 1\n}"),
            (new[] { shared, shared }, "[\n  {\n    Id: 1\n  },\n  {\n    Id: 1\n  }\n]"));
    }

    [Fact]
    public Task Numbers_are_written_as_JSON_has_them() => Texts(
        (new[] { 0.0, -0.0, 1e-7, 1e21, 1e15, 5e-324 }, "[\n  0.0,\n  -0.0,\n  1E-07,\n  1E+21,\n  1000000000000000.0,\n  5E-324\n]"),
        (new[] { 0.1f, 16777216f, 1e10f }, "[\n  0.1,\n  16777216.0,\n  1E+10\n]"),
        (new object[] { 0m, 1.10m, ulong.MaxValue, (short)-3, (byte)9 }, "[\n  0.0,\n  1.10,\n  18446744073709551615,\n  -3,\n  9\n]"),
        (new[] { double.NaN, double.NegativeInfinity }, "[\n  \"NaN\",\n  \"-Infinity\"\n]"));

    [Fact]
    public Task Lists_keep_their_order_and_lose_empty_lists() => Texts(
        (new List<object?> { 1, "two", null, 3.0, true, Array.Empty<int>(), new[] { 4 }, "" },
            "[\n  1,\n  two,\n  null,\n  3.0,\n  true,\n  [\n    4\n  ],\n  \n]"),
        (new List<int>(), "[]"),
        (Enumerable.Range(0, 2).Select(i => i * 2), "[\n  0,\n  2\n]"));

    [Fact]
    public Task Dictionaries_are_sorted_by_key() => Texts(
        (new Dictionary<string, object?> { ["b"] = 0, ["a"] = null, ["C"] = "x", ["e"] = Array.Empty<int>(), ["d e"] = 0.0 },
            "{\n  C: x,\n  a: null,\n  b: 0,\n  d e: 0.0\n}"),
        (new Dictionary<int, string> { [10] = "ten", [2] = "two" }, "{\n  2: two,\n  10: ten\n}"),
        (new Dictionary<Axis, int> { [Axis.Compute] = 1, [Axis.Memory] = 0 }, "{\n  Memory: 0,\n  Compute: 1\n}"),
        (new Dictionary<bool, int> { [true] = 1 }, "{\n  True: 1\n}"),
        (new[] { KeyValuePair.Create("k", 1) }, "[\n  {\n    k: 1\n  }\n]"));

    [Fact]
    public Task A_text_of_several_lines_starts_on_its_own() => Texts(
        (new { Text = "one\ntwo", After = 1 }, "{\n  Text:\none\ntwo,\n  After: 1\n}"),
        (new { Text = "\none\r\n", After = 1 }, "{\n  Text:\none\n,\n  After: 1\n}"),
        // The comma before a text of several lines in a list is lost, in Verify as here.
        (new[] { "x", "one\ntwo" }, "[\n  x\n  \none\ntwo\n]"));

    [Fact]
    public Task What_differs_from_run_to_run_is_counted()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var (now, today) = (DateTime.UtcNow, DateOnly.FromDateTime(DateTime.UtcNow));
        return Texts(
            (new object[] { first, second, first, first.ToString(), Guid.Empty, $"run {first}" },
                $"[\n  Guid_1,\n  Guid_2,\n  Guid_1,\n  Guid_1,\n  Guid_Empty,\n  run {first}\n]"),
            (new object[] { now, now.AddDays(1), now, DateTime.MinValue }, "[\n  DateTime_1,\n  DateTime_2,\n  DateTime_1,\n  Date_MinValue\n]"),
            (new object[] { today, new DateTimeOffset(now), "2020-01-02T03:04:05Z", "2020-01-02" },
                "[\n  Date_1,\n  DateTimeOffset_1,\n  DateTimeOffset_2,\n  2020-01-02\n]"));
    }

    [Fact]
    public async Task Members_can_be_left_out_hidden_or_kept()
    {
        var text = await folder.Accepted(Verify(new { keep = 1, drop = 2, hide = 3, none = Array.Empty<int>(), id = "00000000-0000-0000-0000-000000000001" })
            .IgnoreMember("drop").ScrubMember("hide").DontIgnoreEmptyCollections().DontScrubGuids());
        Assert.Equal("{\n  keep: 1,\n  hide: {Scrubbed},\n  none: [],\n  id: 00000000-0000-0000-0000-000000000001\n}", text);
    }

    [Fact]
    public async Task Tasks_are_awaited()
    {
        Assert.Equal("later", await folder.Accepted(Verify(Task.FromResult("later"))));
        Assert.Equal("{\n  Name: later\n}", await folder.Accepted(Verify(Task.FromResult(new Layer("later", 0)))));
        Assert.Equal("later", await folder.Accepted(Verify(Task.FromResult("later"), "md")));
    }

    async Task Texts(params (object? Value, string Text)[] cases)
    {
        foreach (var (value, text) in cases)
            Assert.Equal(text, await folder.Accepted(Verify(value)));
    }
}
