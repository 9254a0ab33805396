using MlPerfEdu.Data;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;
using MlPerfEdu.Workloads.Edge;
using MlPerfEdu.Workloads.Edge.ResNet18;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Edge;

public class PictureWorkloadTests
{
    [Theory]
    [InlineData("mobilenetv2-train")]
    [InlineData("resnet18-train")]
    public void Its_invariants_hold(string id)
    {
        using var workload = Embedded.Create(id);
        Assert.All(workload.CheckInvariants(), invariant => Assert.True(invariant.Holds, $"{invariant.Name}: {invariant.Found}"));
    }

    [Theory]
    [InlineData("mobilenetv2-train")]
    [InlineData("resnet18-train")]
    public void Libtorch_runs_the_products_that_the_layers_count(string id)
    {
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null) return;
        using var workload = (SupervisedWorkload)Embedded.Create(id);
        using var step = workload.Prepare(4);
        Assert.Empty(RecordedCount.Differences(step.Count, recorder.Record(step.Step)));
        // The plain form, whose convolutions are libtorch's.
        using var model = Book.Plain(workload.BuildModel());
        var pictures = randn(4, 3, 32, 32);
        var count = ModuleCounter.Count(4, counter => counter.Watch(model).call(pictures));
        Assert.Empty(RecordedCount.Differences(count, recorder.Record(() => model.call(pictures).sum().backward())));
    }

    [Fact]
    public void A_residual_network_has_the_parameters_and_multiply_adds_of_its_paper()
    {
        using var model = new ResNet18Model([64, 128, 256, 512], 2, 100);
        var count = ModuleCounter.Count(1, counter => counter.Watch(model).call(randn(1, 3, 32, 32)));
        Assert.Equal((11_220_132, 555_468_800), (count.Parameters, count.ForwardMacsPerSample));
    }

    [Fact]
    public void A_picture_is_moved_at_most_as_far_as_asked_and_mirrored_half_the_time()
    {
        using var scope = NewDisposeScope();
        // Each place says where it was; 0 is the black beyond the edge.
        var places = (arange(64, dtype: ScalarType.Byte) + 1).view(1, 8, 8, 1).repeat(400, 1, 1, 3);
        var noise = new Xoshiro(3);
        var shown = ShiftedPictures.Of(places, 2, ref noise);
        Assert.Equal(places.shape, shown.shape);
        var found = new HashSet<(int Down, int Along, bool IsMirrored)>();
        for (var i = 0; i < 400; i++)
        {
            var picture = shown[i].data<byte>().ToArray();
            var centre = picture[(4 * 8 + 4) * 3] - 1;
            var isMirrored = picture[(4 * 8 + 5) * 3] < picture[(4 * 8 + 4) * 3];
            var (down, along) = (4 - centre / 8, (isMirrored ? 7 - 4 : 4) - centre % 8);
            found.Add((down, along, isMirrored));
            for (var row = 0; row < 8; row++)
            {
                for (var column = 0; column < 8; column++)
                {
                    var (fromRow, fromColumn) = (row - down, (isMirrored ? 7 - column : column) - along);
                    var expected = fromRow is >= 0 and < 8 && fromColumn is >= 0 and < 8 ? fromRow * 8 + fromColumn + 1 : 0;
                    for (var colour = 0; colour < 3; colour++) Assert.Equal(expected, picture[(row * 8 + column) * 3 + colour]);
                }
            }
        }
        Assert.Equal(5 * 5 * 2, found.Count);
        Assert.All(found, one => Assert.True(Math.Abs(one.Down) <= 2 && Math.Abs(one.Along) <= 2));
    }

    [Fact]
    public void Colours_are_scaled_by_the_level_and_spread_of_the_pictures_to_train_on()
    {
        using var scope = NewDisposeScope();
        // One picture of two places: red 10 and 30, green 100 and 200, blue 0 and 4.
        var images = new LabelledImages([10, 30, 100, 200, 0, 4], [0], 3, 1, 2);
        using var scale = new PixelScale(images);
        var rows = PixelScale.Rows(images);
        Assert.Equal([1L, 1, 2, 3], rows.shape);
        Assert.Equal([10, 100, 0, 30, 200, 4], rows.data<byte>().Select(value => (int)value));
        Assert.Equal([-1f, -1, -1, 1, 1, 1], scale.Of(rows).data<float>());
    }
}
