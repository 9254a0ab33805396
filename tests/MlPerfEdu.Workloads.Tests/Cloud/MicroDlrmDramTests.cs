using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Workloads.Cloud.MicroDlrm;
using MlPerfEdu.Workloads.Cloud.MicroDlrmDram;
using MlPerfEdu.Workloads.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class MicroDlrmDramTests(ITestOutputHelper output)
{
    const int Samples = 50, Batch = 37;
    const double Rate = 3;

    // Few rows, so that samples share some.
    static readonly DramGeometry Small = new(Rows: 60, Width: 32, Crosses: 5, TableLearningRate: Rate, BottomWidths: [16, 9, 5], TopHidden: [10, 6]);

    static readonly long[] Positions = [.. Enumerable.Range(0, Batch).Select(i => (long)(i * 7 % Samples))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Its_step_is_that_of_its_plain_form(int threads)
    {
        using var scope = NewDisposeScope();
        var (inputs, likes) = Data();
        using DramNetworks networks = Networks(), precise = Networks();
        using HashedTable table = new(Small.Rows, Small.Width, 1), before = new(Small.Rows, Small.Width, 1);
        using var fused = new FusedDram(networks, table, Small, inputs, likes, Batch, threads);
        var loss = fused.Step(Positions, Rate);

        var numbers = tensor(Numbers(before), Small.Rows, Small.Width).to_type(ScalarType.Float64).requires_grad_();
        var rows = inputs.index_select(0, tensor(Positions));
        var looked = cat([.. Enumerable.Range(0, Batch).Select(i => Bags(numbers, rows[i].data<float>().ToArray()))], 0);
        var expected = functional.binary_cross_entropy_with_logits(
            precise.to(float64).forward(looked, rows.narrow(1, RatingFeatures.Ids, 16).to_type(ScalarType.Float64)),
            likes.index_select(0, tensor(Positions)).to_type(ScalarType.Float64));
        FusedStepTests.Same(output, expected, loss, precise.parameters(), fused.Gradients);
        var (updated, change) = ((numbers - Rate * numbers.grad!).data<double>().ToArray(), numbers.grad!.abs().max().item<double>());
        Assert.All(Numbers(table).Zip(updated), pair => Assert.Equal(pair.Second, pair.First, 1e-5 * Rate * change + 1e-8));
    }

    // The first two ids are bags of their own, all others one.
    static Tensor Bags(Tensor table, float[] sample)
    {
        var ids = new int[Small.Lookups];
        HashedIds.Of(sample, Small.Rows, ids);
        var rows = table.index_select(0, tensor(ids.Select(id => (long)id).ToArray()));
        return cat([rows[0], rows[1], rows.narrow(0, 2, Small.Lookups - 2).sum([0L])], 0).unsqueeze(0);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using var scope = NewDisposeScope();
        var (inputs, likes) = Data();
        var one = Bits(1);
        Assert.Equal(one, Bits(2));
        Assert.Equal(one, Bits(3));

        int[] Bits(int threads)
        {
            using var networks = Networks();
            using var table = new HashedTable(Small.Rows, Small.Width, 1);
            using var fused = new FusedDram(networks, table, Small, inputs, likes, Batch, threads);
            fused.Step(Positions, Rate);
            var loss = fused.Step([.. Positions.Reverse()], Rate);
            return [.. networks.parameters().SelectMany((parameter, i) => FusedStepTests.Numbers(fused.Gradients, i, parameter.numel()))
                .Concat(Numbers(table)).Append(loss).Select(BitConverter.SingleToInt32Bits)];
        }
    }

    [Fact]
    public void A_step_needs_no_memory_of_the_table_s_size_and_keeps_every_row_that_it_does_not_look_up()
    {
        using var scope = NewDisposeScope();
        var (inputs, likes) = Data();
        var large = Small with { Rows = 300_000, Width = 256 };
        using var networks = new DramNetworks(large);
        using HashedTable table = new(large.Rows, large.Width, 1), before = new(large.Rows, large.Width, 1);
        using var memory = PeakMemory.Start();
        using var fused = new FusedDram(networks, table, large, inputs, likes, Batch);
        var resident = Environment.WorkingSet;
        for (var i = 0; i < 3; i++) fused.Step(Positions, Rate);
        var grown = Math.Max(memory.Bytes(), Environment.WorkingSet) - resident;
        output.WriteLine($"{grown / 1e6:0.0} MB more");
        Assert.InRange(grown, long.MinValue, large.TableNumbers * sizeof(float) / 4);

        var touched = new HashSet<int>();
        var ids = new int[large.Lookups];
        foreach (var position in Positions)
        {
            HashedIds.Of(inputs[position].data<float>().ToArray(), large.Rows, ids);
            touched.UnionWith(ids);
        }
        for (var row = 0; row < large.Rows; row++)
        {
            if (table.Of(row).SequenceEqual(before.Of(row)) == touched.Contains(row)) Assert.Fail($"row {row}, looked up: {touched.Contains(row)}");
        }
    }

    [Fact]
    public void Ids_are_hashed_as_the_original_does()
    {
        // By hand, in integers without end.
        Assert.Equal(0xAFE712F39BE88367, HashedIds.Hash(12345, 0x9E3779B97F4A7C15));
        Assert.Equal(0xDA26E52FA3730902, HashedIds.Hash(ulong.MaxValue, 1));
        var ids = new int[4096];
        HashedIds.Of([3, 950, 2630], 2_000_000, ids);
        Assert.All(ids, id => Assert.InRange(id, 0, 1_999_999));
        // Uniform: as many different ones as chance leaves, and half of them in the first half.
        Assert.InRange(ids.Distinct().Count(), 4085, 4096);
        Assert.InRange(ids.Count(id => id < 1_000_000), 1900, 2200);
    }

    [Fact]
    public void Every_layer_has_the_parameters_that_its_sizes_say()
    {
        var geometry = DramGeometry.From(ThisClone.Entry("micro-dlrm-dram-train").Geometry);
        using var networks = new DramNetworks(geometry);
        Assert.Equal(
            [(16 * 8) + 8, (8 * 8) + 8, (776 * 32) + 32, (32 * 16) + 16, 16 + 1],
            networks.Bottom.Concat(networks.Top).Select(layer => layer.weight.numel() + layer.bias!.numel()));
        Assert.Equal(25_617, networks.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(2_048_000_000, geometry.TableNumbers * sizeof(float));
        Assert.Equal(512_025_617, ThisClone.Entry("micro-dlrm-dram-train").Params);
    }

    [Fact]
    public void Holds_what_it_says_about_itself()
    {
        using var workload = Embedded.Create("micro-dlrm-dram-train");
        Assert.All(workload.CheckInvariants(), invariant => Assert.True(invariant.Holds, invariant.ToString()));
    }

    static (Tensor Inputs, Tensor Likes) Data()
    {
        var (generator, draws) = (new torch.Generator(5), new Xoshiro(5));
        float[] ids = [.. Enumerable.Range(0, Samples).SelectMany(_ => (float[])[draws.Below(5), 5 + draws.Below(7), 12 + draws.Below(3)])];
        return (cat([tensor(ids, Samples, 3), randn([Samples, 16], generator: generator)], 1).contiguous(),
            rand([Samples], generator: generator).gt(0.5).to_type(ScalarType.Float32));
    }

    static DramNetworks Networks()
    {
        random.manual_seed(1);
        return new DramNetworks(Small);
    }

    static float[] Numbers(HashedTable table) => [.. Enumerable.Range(0, table.Rows).SelectMany(row => table.Of(row).ToArray())];
}
