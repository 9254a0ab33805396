using System.Buffers.Binary;
using System.IO.Compression;
using MlPerfEdu.Data;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Workloads.Cloud.MicroDiffusion;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class MicroDiffusionTests(ITestOutputHelper output)
{
    static readonly MicroDiffusionGeometry Small =
        new(Side: 8, Colours: 3, Channels: [16, 32, 64], Groups: 4, Embedding: 16, Timesteps: 1000, Deviation: 0.5);

    static readonly NoiseSchedule Schedule = Small.Schedule;

    [Fact]
    public void Its_invariants_hold()
    {
        using var workload = Embedded.Create("micro-diffusion-train");
        Assert.All(workload.CheckInvariants(), invariant => Assert.True(invariant.Holds, $"{invariant.Name}: {invariant.Found}"));
    }

    // The original regressed an image onto itself.
    [Fact]
    public void The_loss_is_that_of_the_noise_which_was_added()
    {
        using var scope = NewDisposeScope();
        using var workload = (MicroDiffusionWorkload)Embedded.Create("micro-diffusion-train");
        var (images, noise) = (workload.Inputs.narrow(0, 0, 16), new Xoshiro(5));
        var shown = workload.Present(images, ref noise);
        int[] t = [.. shown.select(1, shown.shape[1] - 1).data<float>().ToArray().Select(one => (int)one)];
        var noised = shown.narrow(1, 0, shown.shape[1] - 1).view(images.shape);

        Assert.Equal(t.Length, t.Distinct().Count());
        // Either all images were mirrored or none.
        var losses = new[] { images, images.flip(3) }.Select(image => workload.Loss(Added(image), images).item<float>()).ToArray();
        Assert.InRange(losses.Min(), 0, 1e-6);
        // Nothing found, or the image instead of the noise: as much as there is of it, and more.
        var nothing = t.Average(one => Math.Pow(Schedule.Error(one), -MicroDiffusionWorkload.Balance));
        Assert.InRange(workload.Loss(zeros_like(images), images).item<float>(), 0.97 * nothing, 1.03 * nothing);
        Assert.InRange(workload.Loss(images, images).item<float>(), 1.1 * nothing, 2 * nothing);

        Tensor Added(Tensor image) => (noised - NoiseSchedule.PerSample(t, Schedule.Signal) * image) / NoiseSchedule.PerSample(t, Schedule.Noise);
    }

    [Fact]
    public void Without_training_the_prediction_is_the_best_multiple_of_what_is_seen()
    {
        using var scope = NewDisposeScope();
        using var model = Model(isSilent: true);
        var images = Small.Deviation * randn([8, 3, 8, 8], generator: new torch.Generator(1));
        foreach (var t in (int[])[5, 300, 700, 990])
        {
            var shown = Noised.Of(Schedule, images, [.. Enumerable.Repeat(t, 8)], seed: 3);
            var seen = shown.Rows.narrow(1, 0, Small.Pixels).view(images.shape);
            var best = (seen * shown.Noise).sum() / seen.square().sum();
            var difference = (model.forward(shown.Rows) - best * seen).abs().max().item<float>();
            Assert.InRange(difference, 0, 0.15);
        }
    }

    [Fact]
    public void What_the_blocks_are_told_of_the_timestep_changes_the_prediction()
    {
        using var scope = NewDisposeScope();
        using var model = Model(isSilent: false);
        var shown = Noised.Of(Schedule, rand([4, 3, 8, 8], generator: new torch.Generator(2)), [100, 300, 500, 700], seed: 3);
        var own = model.Predict(shown.Rows, null);
        Assert.InRange((model.Predict(shown.Rows, 900) - own).abs().mean().item<float>(), 1e-3, 1);
        // Whoever is told the own timestep of one sample knows as much about that one.
        Assert.InRange((model.Predict(shown.Rows, 300) - own)[1].abs().max().item<float>(), 0, 1e-5);
    }

    [Fact]
    public void The_schedule_is_the_published_cosine()
    {
        // cos²(π/2 · (t/1000 + 0.008)/1.008) / cos²(π/2 · 0.008/1.008) at t = 1, 500 and 999.
        Assert.Equal(0.99996, Schedule.Kept(0), 5);
        Assert.Equal(0.49384, Schedule.Kept(499), 4);
        Assert.Equal(2.43e-6, Schedule.Kept(998), 8);
        Assert.Equal(2.43e-9, Schedule.Kept(999), 11);
        Assert.All(Enumerable.Range(1, 999), t => Assert.True(Schedule.Kept(t) < Schedule.Kept(t - 1)));
    }

    [Theory]
    [InlineData(false, 64, 8)]
    [InlineData(true, 64, 8)]
    [InlineData(true, 16, 2)]
    [InlineData(true, 256, 8)]
    public void One_operator_is_the_sum_the_norm_and_the_activation(bool adds, int channels, int groups)
    {
        using var scope = NewDisposeScope();
        var generator = new torch.Generator(4);
        // Means far from zero, where a variance is easily lost.
        Tensor x = randn([3, channels, 7, 5], generator: generator) + 3, added = randn([3, channels], generator: generator);
        Tensor weight = randn([channels], generator: generator), bias = randn([channels], generator: generator), seen = randn(x.shape, generator: generator);

        var (mine, ofMine) = Gradients(ScalarType.Float32, (x, added, weight, bias) => NormedSiluFunction.Of(x, adds ? added : null, weight, bias, groups));
        var (exact, ofExact) = Gradients(ScalarType.Float64,
            (x, added, weight, bias) => F.silu(F.group_norm(adds ? x + added.unsqueeze(2).unsqueeze(3) : x, groups, weight, bias)));
        Close(exact, mine, "output");
        foreach (var (i, name) in new[] { "x", "weight", "bias", "added" }.Take(adds ? 4 : 3).Index()) Close(ofExact[i], ofMine[i], name);

        (Tensor Output, Tensor[] Gradients) Gradients(ScalarType type, Func<Tensor, Tensor, Tensor, Tensor, Tensor> run)
        {
            Tensor[] leaves = [.. new[] { x, weight, bias, added }.Select(one => one.to_type(type).clone().requires_grad_())];
            var y = run(leaves[0], leaves[3], leaves[1], leaves[2]);
            (y * seen.to_type(type)).sum().backward();
            return (y.detach(), [.. leaves.Take(adds ? 4 : 3).Select(leaf => leaf.grad!)]);
        }

        void Close(Tensor expected, Tensor found, string name)
        {
            var (difference, largest) = ((expected - found).abs().max().item<double>(), expected.abs().max().item<double>());
            output.WriteLine($"{name}: {difference:0.0e0} of {largest:0.0}");
            Assert.InRange(difference, 0, 1e-5 * largest);
        }
    }

    [Fact]
    public void Sizes_that_the_kernel_cannot_read_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Of(channels: 17, groups: 1));
        Assert.Throws<ArgumentException>(() => Of(channels: 32, groups: 3));
        Assert.Throws<ArgumentException>(() => Of(channels: 32, groups: 4, weights: 16));
        Assert.Throws<ArgumentException>(() => Of(channels: 32, groups: 4, added: 16));

        static void Of(int channels, int groups, int? weights = null, int? added = null) => NormedSiluFunction.Of(
            zeros(2, channels, 3, 3), zeros(2, added ?? channels), zeros(weights ?? channels), zeros(weights ?? channels), groups);
    }

    [Fact]
    public void Its_parameters_are_those_of_its_layers()
    {
        static long Convolution(long inputs, long outputs, long side) => outputs * (inputs * side * side + 1);
        static long Block(long inputs, long outputs) => 2 * inputs + Convolution(inputs, outputs, 3) + 129 * outputs + 2 * outputs + Convolution(outputs, outputs, 3)
            + (inputs == outputs ? 0 : Convolution(inputs, outputs, 1));
        var expected = 65 * 128 + 129 * 128 + Convolution(3, 64, 3) + Block(64, 64) + Convolution(64, 64, 3) + Block(64, 128) + Convolution(128, 128, 3)
            + Block(128, 256) + Convolution(256, 128, 1) + Block(256, 128) + Convolution(128, 64, 1) + Block(128, 64) + 2 * 64 + Convolution(64, 3, 3);
        Assert.Equal(expected, ThisClone.Entry("micro-diffusion-train").Params);
    }

    [Fact]
    public void The_linear_guess_is_as_good_as_a_linear_guess_can_be()
    {
        using var scope = NewDisposeScope();
        var generator = new torch.Generator(6);
        var images = Images(20_000);
        using var denoiser = WienerDenoiser.Fit(images, stationary: 0);
        var (fresh, noise) = (Images(2000), randn([2000, 2, 4, 6], generator: generator));
        var rows = cat([images, images.flip(3)], 0).flatten(1).to_type(ScalarType.Float64);
        var mean = rows.mean([0]);
        var covariance = (rows - mean).t().mm(rows - mean) / rows.shape[0];
        foreach (var t in (int[])[20, 400, 900])
        {
            int[] ts = [.. Enumerable.Repeat(t, 2000)];
            double kept = Schedule.Kept(t), rest = 1 - kept;
            var seen = Schedule.Noised(fresh, ts, noise).flatten(1).to_type(ScalarType.Float64);
            // Solved for instead of decomposed.
            var guess = rest * linalg.solve(kept * covariance + rest * eye(48, dtype: ScalarType.Float64), (seen - Math.Sqrt(kept) * mean).t()).t() / Math.Sqrt(rest);
            var expected = (guess - noise.flatten(1)).square().mean([1]);
            using var found = denoiser.Errors(Schedule, fresh, ts, noise);
            Assert.InRange((found - expected).abs().max().item<double>(), 0, 1e-5);
            Assert.InRange(found.mean().item<double>(), 0, 0.95);
        }

        // Far from even, and with a mirror image as likely as the image.
        Tensor Images(int count)
        {
            var coarse = randn([count, 2, 2, 3], generator: generator);
            return 0.4 * coarse.repeat_interleave(2, 2).repeat_interleave(2, 3) + 0.1 * randn([count, 2, 4, 6], generator: generator) + 0.3;
        }
    }

    [Fact]
    public void Where_pixels_are_alike_everywhere_a_share_of_that_changes_nothing_but_luck()
    {
        using var scope = NewDisposeScope();
        var generator = new torch.Generator(7);
        Tensor images = randn([60, 1, 8, 8], generator: generator), noise = randn([500, 1, 8, 8], generator: generator);
        int[] t = [.. Enumerable.Repeat(500, 500)];
        var fresh = randn([500, 1, 8, 8], generator: generator);
        double[] errors = [.. new[] { 0.0, 1.0 }.Select(share =>
        {
            using var denoiser = WienerDenoiser.Fit(images, share);
            return denoiser.Errors(Schedule, fresh, t, noise).mean().item<double>();
        })];
        // White images: of the noise nothing but its multiple can be known.
        Assert.InRange(errors[1], Schedule.Kept(500) - 0.02, Schedule.Kept(500) + 0.02);
        Assert.True(errors[0] > 1.1 * errors[1], $"{errors[0]} from few images, {errors[1]} when all places share one covariance");
    }

    [Fact]
    public void An_image_that_is_trained_on_and_scored_is_found()
    {
        byte[] pixels = [.. Enumerable.Range(0, 4 * 12).Select(i => (byte)(i * 5))];
        var images = new LabelledImages(pixels, new byte[4], 3, 2, 2);
        Assert.True(MicroDiffusionWorkload.NoneIsTrainedOn(images.Take([0, 1]), images.Take([2, 3])).Holds);
        Assert.False(MicroDiffusionWorkload.NoneIsTrainedOn(images.Take([0, 1]), images.Take([2, 1])).Holds);
    }

    [Fact]
    public void The_same_seed_draws_the_same_images()
    {
        using var scope = NewDisposeScope();
        using var model = Model(isSilent: false);
        Tensor first = Draw(1), again = Draw(1), other = Draw(2);
        Assert.Equal([5, 3, 8, 8], first.shape);
        Assert.InRange(first.abs().max().item<float>(), 0.1, 1);
        Assert.True(first.equal(again).all().item<bool>());
        Assert.False(first.equal(other).all().item<bool>());

        Tensor Draw(int seed) => Sampler.Draw(model, Small, count: 5, steps: 6, seed);
    }

    [Fact]
    public void A_picture_is_a_png_of_its_images()
    {
        using var images = zeros(3, 3, 4, 4);
        images[1].fill_(1);
        images[2, 0].fill_(-1);
        var file = PictureGrid.Png(images, columns: 2, scale: 1);

        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        Assert.Equal((10, 10), (BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(20))));
        Assert.Equal([0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82], file[^12..]);
        var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(33));
        using var unpacked = new MemoryStream();
        using (var stream = new ZLibStream(new MemoryStream(file, 41, length), CompressionMode.Decompress)) stream.CopyTo(unpacked);
        var rows = unpacked.ToArray().Chunk(1 + 30).ToArray();
        Assert.Equal(10, rows.Length);
        Assert.All(rows, row => Assert.Equal(0, row[0]));
        Assert.Equal([128, 128, 128, 128, 255, 255, 255, 255, 255, 255], rows[0][1..].Chunk(3).Select(pixel => (int)pixel[0]));
        Assert.Equal((0, 128), (rows[6][1], rows[6][2]));
        Assert.Equal(255, rows[6][1 + 3 * 6]);
    }

    static MicroDiffusionModel Model(bool isSilent)
    {
        random.manual_seed(1);
        var model = new MicroDiffusionModel(Small);
        using var frozen = no_grad();
        // Layers that begin with zeros hide what lies before them.
        if (!isSilent)
            foreach (var parameter in model.parameters().Where(parameter => parameter.dim() == 4)) init.normal_(parameter, 0, 0.2);
        return model;
    }
}
