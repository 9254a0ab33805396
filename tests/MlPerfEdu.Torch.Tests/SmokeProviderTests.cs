using System.Collections;
using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Torch.Tests;

/// <summary>What only the stand-in has, reached by reflection; under another provider there is nothing to check.</summary>
public class SmokeProviderTests
{
    /// <summary>Operators that have a fallback for a libtorch without them.</summary>
    private static readonly string[] s_newer = ["scaled_dot_product_attention"];

    private static readonly Assembly s_provider = typeof(torch).Assembly;

    [Fact]
    public void Every_operator_in_use_is_one_of_this_libtorch()
    {
        var table = s_provider.GetType("TorchSharp.Interop.Aten");
        if (table is null) return;
        var exists = s_provider.GetType("TorchSharp.Interop.Op")!.GetProperty("Exists", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var operators = table.GetFields(BindingFlags.Static | BindingFlags.NonPublic);
        var missing = operators.Where(field => !(bool)exists.GetValue(field.GetValue(null))!).Select(field => field.Name);
        Assert.Empty(missing.Except(s_newer));
        Assert.True(operators.Length > 400, $"Found {operators.Length} operators: the table was not read.");
    }

    [Fact]
    public void The_recorder_counts_operators_with_the_shapes_of_their_inputs()
    {
        var recorder = s_provider.GetType("TorchSharp.Provider.OperatorRecorder");
        if (recorder is null) return;
        using var layer = Linear(13, 17);
        using var x = ones(11, 13);
        recorder.GetMethod("Start")!.Invoke(null, null);
        for (var i = 0; i < 3; i++) layer.call(x).Dispose();
        var rows = ((IEnumerable)recorder.GetMethod("Stop")!.Invoke(null, null)!).Cast<object>().Select(row => row.ToString()!);
        Assert.Contains(rows, row => row.Contains("aten::linear, Shapes = [11, 13];[17, 13];[17], Calls = 3, OutermostCalls = 3"));
    }

    [Fact]
    public void A_thousand_training_steps_leave_the_memory_as_it_was()
    {
        manual_seed(1);
        using var model = Sequential(Conv2d(1, 4, 3), BatchNorm2d(4), ReLU(), Flatten(), Linear(4 * 10 * 10, 3));
        using var optimizer = optim.AdamW(model.parameters());
        using var x = randn(8, 1, 12, 12);
        using var y = randint(3, new long[] { 8 });
        Train(200);
        var before = Resident();
        Train(1000);
        var growth = (Resident() - before) >> 20;
        Assert.True(growth < 40, $"1,000 steps left {growth} MB more.");

        void Train(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                functional.cross_entropy(model.call(x), y).backward();
                optimizer.step();
            }
        }
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
