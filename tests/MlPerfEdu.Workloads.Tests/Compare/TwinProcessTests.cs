using System.Diagnostics;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Compare;

namespace MlPerfEdu.Workloads.Tests.Compare;

public class TwinProcessTests
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    const string Ready = """read config; echo '{"torch": "9.9", "threads": 2, "blas": "/lib/blas", "parameters": 20}'""";

    [Fact]
    public void Answers_what_it_runs_on_and_how_long_steps_took()
    {
        using var python = new FakePython(FakePython.Works);
        using var twin = Start(python, Patience);

        Assert.Equal(new TwinFacts("9.9", 2, null, 20), twin.Facts);
        Assert.Equal(0.006, twin.Run(3, default), 12);
    }

    [Theory]
    [InlineData("echo first >&2; echo last words >&2; exit 7", "MLP2072", "exit code 7", "first\nlast words")]
    [InlineData("read config; echo nonsense; sleep 60", "MLP2074", "'nonsense'", "a JSON object")]
    [InlineData("read config; echo '[1]'; sleep 60", "MLP2074", "'[1]'", "a JSON object")]
    [InlineData("read config; echo '{\"torch\": \"9.9\", \"parameters\": 1}'; sleep 60", "MLP2074", "\"threads\"", "twin.py")]
    [InlineData("read config; echo '{\"torch\": \"9.9\", \"threads\": \"two\"}'; sleep 60", "MLP2074", "Int32", "\"threads\"")]
    public void What_goes_wrong_at_the_start_is_said(string script, string code, params string[] parts)
    {
        using var python = new FakePython(script);
        var problem = Assert.Throws<EnvironmentProblem>(() => Start(python, Patience));

        Assert.Equal(code, problem.Code);
        Assert.All(parts, part => Assert.Contains(part, problem.Message));
    }

    [Theory]
    [InlineData("read steps; echo Traceback >&2; exit 1", "MLP2072", "Traceback")]
    [InlineData("read steps; echo '{\"seconds\": -1}'; sleep 60", "MLP2074", "a time above 0")]
    [InlineData("read steps; echo '{\"seconds\": 0}'; sleep 60", "MLP2074", "a time above 0")]
    [InlineData("read steps; echo '{}'; sleep 60", "MLP2074", "\"seconds\"")]
    public void What_goes_wrong_in_a_turn_is_said(string script, string code, string part)
    {
        using var python = new FakePython($"{Ready}; {script}");
        using var twin = Start(python, Patience);
        var problem = Assert.Throws<EnvironmentProblem>(() => twin.Run(1, default));

        Assert.Equal(code, problem.Code);
        Assert.Contains(part, problem.Message);
    }

    [Fact]
    public void Silence_is_not_waited_for_without_end()
    {
        using var python = new FakePython($"echo working >&2; {Ready}; sleep 600");
        using var twin = Start(python, Patience);
        twin.Patience = TimeSpan.FromMilliseconds(200);
        var problem = Assert.Throws<EnvironmentProblem>(() => twin.Run(1, default));

        Assert.Equal("MLP2073", problem.Code);
        Assert.Contains("working", problem.Message);
    }

    [Fact]
    public void A_request_to_stop_ends_the_wait()
    {
        using var python = new FakePython($"{Ready}; sleep 600");
        using var twin = Start(python, Patience);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        Assert.ThrowsAny<OperationCanceledException>(() => twin.Run(1, stop.Token));
    }

    [Fact]
    public void Nothing_of_it_is_left_when_it_is_let_go()
    {
        var mark = Path.Combine(Path.GetTempPath(), $"mlperfedu-twin-{Guid.NewGuid():N}");
        using var python = new FakePython($"echo $$ > '{mark}'; {Ready}; while :; do :; done");
        Start(python, Patience).Dispose();
        var id = int.Parse(File.ReadAllText(mark));
        File.Delete(mark);

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }

    static TwinProcess Start(FakePython python, TimeSpan patience) =>
        TwinProcess.Start(python.Path, "host.py", "twin.py", [], new Dictionary<string, string>(), patience, default);
}

public class TwinEnvironmentTests
{
    [Fact]
    public void The_twin_gets_the_threads_and_the_malloc_of_this_process()
    {
        var environment = TwinEnvironment.Of(3);

        Assert.All(["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"], name => Assert.Equal("3", environment[name]));
        Assert.Equal($"{1 << 30}", environment["MALLOC_MMAP_THRESHOLD_"]);
        Assert.Equal($"{1 << 30}", environment["MALLOC_TRIM_THRESHOLD_"]);
        Assert.Equal($"{64 << 20}", environment["MALLOC_TOP_PAD_"]);
    }
}
