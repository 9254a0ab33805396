using MlPerfEdu.Cli;
using MlPerfEdu.Cli.Commands;
using MlPerfEdu.Serving;
using MlPerfEdu.Serving.Measure;

namespace MlPerfEdu.Workloads.Tests.Cli;

/// <summary>The comparison with the original's table, on latencies that the test says.</summary>
public sealed class KernelCommandTests : IDisposable
{
    const string Yaml =
        """
        schema: 1

        modules:
          first:
            name: First
            does: Something.
            rows:
              - { row: 1, operation: fast, shapes: x (1), original_us: 100 }
              - { row: 2, operation: unknown, shapes: x (1), reason: The original was not timed. }
          second:
            name: Second
            does: Something else.
            rows:
              - { row: 3, operation: other, shapes: x (1), original_us: 50 }

        """;

    static readonly Roofs Roofs = new(1e9, [new("L1", 1 << 15, 1e9)]);

    readonly Clone clone = new();

    public KernelCommandTests() => clone.Write("workloads/Serving/serving.yaml", Yaml);

    public void Dispose() => clone.Dispose();

    [Fact]
    public void All_rows_as_fast_as_the_originals_exit_0_and_are_kept()
    {
        var answer = Run("kernels run", 50);

        Assert.Equal(0, answer.Exit);
        Assert.Contains("first fast: 50 µs, 2.0 times as fast as the original", answer.Error, StringComparison.Ordinal);
        Assert.Contains("2 rows are as fast as the original's table or faster, 0 at least ten times", answer.Out, StringComparison.Ordinal);
        Assert.Equal(
            ["artifacts/evidence/serving/first.json", "artifacts/evidence/serving/second.json"],
            clone.Content("artifacts").Keys.Order(StringComparer.Ordinal));
        Assert.Contains("| 50.0 µs |", Answer.To(clone, "kernels table").Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kernels run --json", 51, 1, 1)]
    [InlineData("kernels run --json", 101, 1, 2)]
    [InlineData("kernels run first --json", 51, 0, 0)]
    [InlineData("kernels run second --json", 51, 1, 1)]
    public void A_row_slower_than_the_originals_exits_1_when_it_was_asked_for(string commandLine, double microseconds, int exit, int slower)
    {
        var answer = Run(commandLine, microseconds);

        Assert.Equal(exit, answer.Exit);
        Assert.Equal(slower, answer.Json.GetProperty("slower").GetInt32());
    }

    Answer Run(string commandLine, double microseconds) => Answer.To(clone, commandLine.Split(' '), services => services with
    {
        Kernels = (modules, _, _, _, _) => new(
            [.. modules.Select(module => new MeasuredModule(module,
                [.. module.Rows.Select(row => new MeasuredRow(row, new Kernel(row.Operation, () => { }), new Latency([[microseconds * 1e-6]], 1), []))]))],
            Roofs),
    });
}
