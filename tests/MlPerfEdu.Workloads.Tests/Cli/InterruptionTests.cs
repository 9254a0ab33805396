using MlPerfEdu.Cli;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class InterruptionTests
{
    // Takes minutes: it cannot be over before the signal comes.
    static readonly string[] LongTraining = ["run", "nanogpt-train", "--dataset", "synthetic-sentences", "--no-measure"];

    [UnixTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("INT", "INT")]
    public void A_signal_in_the_middle_of_a_training_ends_it_with_one_message_and_130(params string[] signals)
    {
        using var program = RealProgram.Start(LongTraining);
        program.WaitForRemark("nanogpt-train: training");
        // A script that runs the tests in the background lets all of them ignore Ctrl-C.
        if (signals[0] == "INT" && program.IgnoresInterrupts)
            return;
        foreach (var signal in signals)
            program.Send(signal);
        var answer = program.Finish();

        Assert.Equal(130, answer.Exit);
        Assert.Single(answer.Error.Split('\n'), line => line.Contains("error ", StringComparison.Ordinal));
        Assert.Contains("error MLP2098: stopped on request", answer.Error);
    }

    [Fact]
    public void No_step_is_begun_after_the_stop()
    {
        using var stop = new CancellationTokenSource();
        var counted = new CountedSteps();
        var steps = new StoppableSteps(counted, stop.Token);
        using var running = steps.Prepare(steps.Batch);
        running.Step();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(running.Step);
        Assert.Throws<OperationCanceledException>(() => steps.Prepare(1));
        Assert.Equal(1, counted.Steps);
    }

    [Fact]
    public void What_fails_because_of_a_stop_is_a_stop()
    {
        var lost = new EnvironmentProblem("MLP2072", "the twin has ended");
        Assert.Equal("MLP2072", Failure.Of(lost, default).Code);
        Assert.Equal(Failure.Interrupted, Failure.Of(lost, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Only_the_first_of_two_ways_out_tells()
    {
        using var interruption = new Interruption();
        var told = 0;
        interruption.TellOnce(() => told++);
        interruption.TellOnce(() => told++);
        Assert.Equal(1, told);
    }

    sealed class CountedSteps : IStepSource, IRunningStep
    {
        public int Steps { get; private set; }

        public int Batch => 8;

        public StepCount Count { get; } = new(8, []);

        public IRunningStep Prepare(int batch) => this;

        public void Step() => Steps++;

        public void Dispose()
        {
        }
    }
}
