using MlPerfEdu.Roofline.Count;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>Models whose parameters and multiply-adds are known.</summary>
static class Models
{
    public static StepCount DsCnn(int batch, Action<ModuleCounter>? update = null)
    {
        using var model = Sequential(
            ("stem", Convolution(1, 64, (10, 4), (2, 2), (4, 1))), ("1", Separable(64, 64)), ("2", Separable(64, 64)), ("3", Separable(64, 48)),
            ("4", Separable(48, 48)), ("pool", AdaptiveAvgPool2d(1)), ("flatten", Flatten()), ("head", Linear(48, 12)));
        return Counting.Of(model, zeros(batch, 1, 40, 101), Classified, update);
    }

    public static StepCount Vww(int batch)
    {
        using var model = Sequential(
            Convolution(1, 16, 3, 2), Separable(16, 32, 2), Separable(32, 64, 2), Separable(64, 64, 2), Head(64, 2));
        return Counting.Of(model, zeros(batch, 1, 96, 96), Classified);
    }

    public static StepCount AutoEncoder(int batch)
    {
        int[] widths = [784, 128, 128, 128, 128, 8, 128, 128, 128, 128];
        using var model = Sequential(
            [.. widths.Zip(widths.Skip(1)).SelectMany(pair => new Module<Tensor, Tensor>[] { Linear(pair.First, pair.Second), ReLU() }), Linear(128, 784)]);
        var input = zeros(batch, 784);
        return Counting.Of(model, input, output => F.mse_loss(output, input));
    }

    public static StepCount ResNet18(int batch)
    {
        var (blocks, from) = (new List<Module<Tensor, Tensor>> { Convolution(3, 64, 3) }, 64);
        foreach (var (channels, stride) in new[] { (64, 1), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1) })
        {
            var shortcut = stride != 1 || from != channels ? Convolution(from, channels, 1, stride, relu: false) : null;
            blocks.Add(Residual(
                Sequential(Convolution(from, channels, 3, stride), Convolution(channels, channels, 3, relu: false)), shortcut));
            blocks.Add(ReLU());
            from = channels;
        }

        using var model = Sequential([.. blocks, Head(512, 100)]);
        return Counting.Of(model, zeros(batch, 3, 32, 32), Classified);
    }

    public static StepCount MobileNetV2(int batch)
    {
        var (blocks, from) = (new List<Module<Tensor, Tensor>> { Convolution(3, 32, 3) }, 32);
        (int Expansion, int Channels, int Blocks, int Stride)[] stages =
            [(1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];
        foreach (var (expansion, channels, count, firstStride) in stages)
        {
            for (var block = 0; block < count; block++)
            {
                var (wide, stride) = (expansion * from, block == 0 ? firstStride : 1);
                var body = Sequential(
                    [
                        .. expansion == 1 ? Array.Empty<Module<Tensor, Tensor>>() : [Convolution(from, wide, 1)],
                        Convolution(wide, wide, 3, stride, groups: wide), Convolution(wide, channels, 1, relu: false),
                    ]);
                blocks.Add(stride == 1 && from == channels ? Residual(body) : body);
                from = channels;
            }
        }

        using var model = Sequential([.. blocks, Convolution(320, 1280, 1), Head(1280, 100)]);
        return Counting.Of(model, zeros(batch, 3, 32, 32), Classified);
    }

    /// <summary>
    /// 64, 128, 256 channels, two 3×3 convolutions with norms per level, 2×2 transposed convolutions up. 396.2 M MAC per image.
    /// With time, a vector of the timestep, by way of a small network, is added on every level on the way down.
    /// </summary>
    public static StepCount UNet(int batch, bool time = false)
    {
        using var network = Sequential(Linear(64, 256), SiLU(), Linear(256, 256));
        Tensor? vector = null;
        using var model = Sequential(
            Level(3, 64, Level(64, 128, Convolutions(128, 256, isTimed: true))), Conv2d(64, 3, 1));
        return ModuleCounter.Count(batch, counter =>
        {
            counter.Watch(model);
            vector = time ? counter.Watch(network, "time").call(zeros(batch, 64)) : null;
            F.mse_loss(model.call(zeros(batch, 3, 32, 32)), zeros(batch, 3, 32, 32));
        });

        Module<Tensor, Tensor> Level(int from, int channels, Module<Tensor, Tensor> below)
        {
            Module<Tensor, Tensor> down = Convolutions(from, channels, isTimed: true), up = Convolutions(2 * channels, channels, isTimed: false);
            var deeper = Sequential(MaxPool2d(2), below, ConvTranspose2d(2 * channels, channels, 2, stride: 2));
            return new Composed(
                x =>
                {
                    var skip = down.call(x);
                    return up.call(F.cat([skip, deeper.call(skip)], 1));
                },
                down, deeper, up);
        }

        Module<Tensor, Tensor> Convolutions(int from, int channels, bool isTimed)
        {
            Module<Tensor, Tensor> first = Convolution(from, channels, 3), second = Convolution(channels, channels, 3);
            if (!(time && isTimed))
                return Sequential(first, second);
            var linear = Linear(256, channels);
            return new Composed(x => second.call(F.add_per_channel(first.call(x), linear.call(vector!))), first, second, linear);
        }
    }

    /// <summary>Users, films and occupations as bags of one; their vectors next to what becomes of the dense features.</summary>
    public static StepCount MicroDlrm(int batch)
    {
        var bags = new[] { 943, 1682, 21 }.Select(rows => EmbeddingBag(rows, 8, mode: EmbeddingBagMode.Sum)).ToArray();
        Module<Tensor, Tensor> bottom = Sequential(Linear(16, 8), ReLU(), Linear(8, 8)),
            top = Sequential(Linear(32, 32), ReLU(), Linear(32, 16), ReLU(), Linear(16, 1));
        using var model = new Composed(
            x => top.call(F.cat([bottom.call(x), .. bags.Select(bag => bag.call(Ids(batch, 1)))], 1)), [bottom, top, .. bags]);
        return Counting.Of(model, zeros(batch, 16), output => F.binary_cross_entropy_with_logits(output, zeros(batch, 1)));
    }

    /// <summary>One table of hashed rows for users and films, of which a batch touches a few.</summary>
    public static StepCount SparseDlrm(int batch, int rows, long uniqueRows, Action<ModuleCounter> update)
    {
        var (bag, bottom, top) = (EmbeddingBag(rows, 256, mode: EmbeddingBagMode.Sum), Sequential(Linear(16, 8), ReLU(), Linear(8, 8)), Linear(520, 1));
        using var model = new Composed(
            x => top.call(F.cat([bottom.call(x), bag.call(Ids(batch, 1)), bag.call(Ids(batch, 1))], 1)), bag, bottom, top);
        return ModuleCounter.Count(batch, counter =>
        {
            counter.Table("0", uniqueRows, TableGradient.Sparse);
            F.binary_cross_entropy_with_logits(counter.Watch(model).call(zeros(batch, 16)), zeros(batch, 1));
            update(counter);
        });
    }

    /// <summary>A graph of papers with 1,433 words, 7 classes.</summary>
    public static StepCount Gcn(int papers)
    {
        using var adjacency = eye(papers);
        using var model = Sequential(Graph(1433, 64), ReLU(), Dropout(), Graph(64, 32), ReLU(), Linear(32, 7));
        return Counting.Of(model, zeros(papers, 1433), Classified);

        Module<Tensor, Tensor> Graph(int from, int to)
        {
            var (transform, bias) = (Linear(from, to, hasBias: false), Linear(1, to, hasBias: false));
            return new Composed(
                x => F.add_bias(F.matmul(adjacency, transform.call(x), "propagation"), bias.weight.view(-1)), transform, bias);
        }
    }

    public static StepCount MicroLstm(int batch)
    {
        var (lstm, head) = (LSTM(7, 64, numLayers: 2, batchFirst: true), Linear(64, 24));
        using var model = new Composed(x => head.call(F.select(lstm.call(x, null).Item1, 95)), lstm, head);
        return Counting.Of(model, zeros(batch, 96, 7), output => F.mse_loss(output, zeros(batch, 24)));
    }

    /// <summary>A policy over two actions and a value, both from the four numbers of a cart and its pole.</summary>
    public static StepCount PolicyAndValue(int batch)
    {
        using Module<Tensor, Tensor> value = Network(1), policy = Network(2);
        return ModuleCounter.Count(batch, counter =>
        {
            var state = zeros(batch, 4);
            F.mse_loss(counter.Watch(value, "value").call(state), zeros(batch, 1), "value loss");
            Classified(counter.Watch(policy, "policy").call(state));
        });

        static Module<Tensor, Tensor> Network(int outputs) =>
            Sequential(Linear(4, 128), Tanh(), Linear(128, 64), Tanh(), Linear(64, outputs));
    }

    public static Tensor Ids(params long[] shape) => zeros(shape, dtype: int64);

    /// <summary>Body and shortcut see the same input; without a shortcut the input itself is added.</summary>
    public static Module<Tensor, Tensor> Residual(Module<Tensor, Tensor> body, Module<Tensor, Tensor>? shortcut = null) =>
        new Composed(x => F.add(body.call(x), shortcut?.call(x) ?? x), shortcut is null ? [body] : [body, shortcut]);

    static Tensor Classified(Tensor logits) => F.cross_entropy(logits, Ids(logits.shape[0]));

    static Module<Tensor, Tensor> Head(int channels, int classes) => Sequential(AdaptiveAvgPool2d(1), Flatten(), Linear(channels, classes));

    static Module<Tensor, Tensor> Separable(int from, int to, int stride = 1) =>
        Sequential(Convolution(from, from, 3, stride, groups: from), Convolution(from, to, 1));

    // Norms follow, and most of the time a ReLU; the size of the image is kept or divided by the stride.
    static Module<Tensor, Tensor> Convolution(int from, int to, int kernel, int stride = 1, int groups = 1, bool relu = true) =>
        Normed(Conv2d(from, to, kernel, stride: stride, padding: kernel / 2, groups: groups, bias: false), to, relu);

    static Module<Tensor, Tensor> Convolution(int from, int to, (long, long) kernel, (long, long) stride, (long, long) padding) =>
        Normed(Conv2d(from, to, kernel, stride: stride, padding: padding, bias: false), to, relu: true);

    static Module<Tensor, Tensor> Normed(Module<Tensor, Tensor> convolution, int channels, bool relu) =>
        relu ? Sequential(convolution, BatchNorm2d(channels), ReLU()) : Sequential(convolution, BatchNorm2d(channels));
}
