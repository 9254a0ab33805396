using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>Models whose parameters and multiply-adds are known, stated layer by layer.</summary>
static class Models
{
    public static StepCounter DsCnn(int batch)
    {
        var counter = new StepCounter(batch, 1, 40, 101)
            .Conv2d("stem", 64, (10, 4), stride: 2, padding: (4, 1), bias: false).BatchNorm("stem norm").Relu("stem relu");
        foreach (var channels in new[] { 64, 64, 48, 48 })
            Separable(counter, channels, stride: 1);
        return counter.GlobalAveragePool("pool").Linear("head", 12).CrossEntropy();
    }

    public static StepCounter Vww(int batch)
    {
        var counter = new StepCounter(batch, 1, 96, 96)
            .Conv2d("stem", 16, 3, stride: 2, padding: 1, bias: false).BatchNorm("stem norm").Relu("stem relu");
        foreach (var channels in new[] { 32, 64, 64 })
            Separable(counter, channels, stride: 2);
        return counter.GlobalAveragePool("pool").Linear("head", 2).CrossEntropy();
    }

    public static StepCounter AutoEncoder(int batch)
    {
        var counter = new StepCounter(batch, 784);
        foreach (var width in new[] { 128, 128, 128, 128, 8, 128, 128, 128, 128 })
            counter.Linear($"to {width}", width).Relu("relu");
        return counter.Linear("out", 784).MeanSquaredError(targetIsInput: true);
    }

    public static StepCounter ResNet18(int batch)
    {
        var counter = new StepCounter(batch, 3, 32, 32)
            .Conv2d("stem", 64, 3, padding: 1, bias: false).BatchNorm("stem norm").Relu("stem relu");
        foreach (var (channels, stride) in new[] { (64, 1), (128, 2), (256, 2), (512, 2) })
        {
            BasicBlock(counter, channels, stride);
            BasicBlock(counter, channels, 1);
        }

        return counter.GlobalAveragePool("pool").Linear("head", 100).CrossEntropy();
    }

    public static StepCounter MobileNetV2(int batch)
    {
        var counter = new StepCounter(batch, 3, 32, 32)
            .Conv2d("stem", 32, 3, padding: 1, bias: false).BatchNorm("stem norm").Relu("stem relu");
        (int Expansion, int Channels, int Blocks, int Stride)[] stages =
            [(1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];
        foreach (var (expansion, channels, blocks, stride) in stages)
        {
            for (var block = 0; block < blocks; block++)
                InvertedResidual(counter, expansion, channels, block == 0 ? stride : 1);
        }

        return counter
            .Conv2d("last", 1280, 1, bias: false).BatchNorm("last norm").Relu("last relu")
            .GlobalAveragePool("pool").Linear("head", 100).CrossEntropy();
    }

    /// <summary>64, 128, 256 channels, two 3×3 convolutions with norms per level, 2×2 transposed convolutions up. 396.2 M MAC per image.</summary>
    public static StepCounter UNet(int batch) => new StepCounter(batch, 3, 32, 32)
        .Level(64, middle => middle.Level(128, bottom => bottom.TwoConvolutions("bottom", 256)))
        .Conv2d("out", 3, 1)
        .MeanSquaredError();

    /// <summary>The same with a vector of the timestep, by way of a small network, added on every level.</summary>
    public static StepCounter UNetWithTime(int batch) => new StepCounter(batch, 3, 32, 32)
        .Aside("time", [64], time => time.Linear("time 1", 256).Silu("time silu").Linear("time 2", 256))
        .Level(64, middle => middle.Level(128, bottom => bottom.TwoConvolutions("bottom", 256, time: true), time: true), time: true)
        .Conv2d("out", 3, 1)
        .MeanSquaredError();

    /// <summary>Users, films and occupations as bags of one; their vectors beside what becomes of the dense features.</summary>
    public static StepCounter MicroDlrm(int batch) => new StepCounter(batch, 16)
        .Concat(
            "join",
            dense => dense.Linear("bottom 1", 8).Relu("bottom relu").Linear("bottom 2", 8),
            user => user.Tokens("user", 1).EmbeddingBag("users", 943, 8),
            film => film.Tokens("film", 1).EmbeddingBag("films", 1682, 8),
            occupation => occupation.Tokens("occupation", 1).EmbeddingBag("occupations", 21, 8))
        .Linear("top 1", 32).Relu("top relu 1").Linear("top 2", 16).Relu("top relu 2").Linear("top 3", 1)
        .BinaryCrossEntropy();

    /// <summary>One table of 2,000,000 hashed rows for users and films, of which a batch touches a few.</summary>
    public static StepCounter MicroDlrmDram(int batch, long uniqueRows) => new StepCounter(batch, 16)
        .Concat(
            "join",
            dense => dense.Linear("bottom 1", 8).Relu("bottom relu").Linear("bottom 2", 8),
            user => user.Tokens("user", 1).EmbeddingBag("users", 2_000_000, 256, uniqueRows, TableGradient.Sparse),
            film => film.Tokens("film", 1).EmbeddingBag("films", 2_000_000, 256, uniqueRows, TableGradient.Sparse, shared: true))
        .Linear("top", 1)
        .BinaryCrossEntropy();

    /// <summary>Cora: 2,708 papers with 1,433 words, 7 classes.</summary>
    public static StepCounter Gcn(long? edges = null) => new StepCounter(2708, 1433)
        .GraphConvolution("first", 64, edges).Relu("relu 1").Dropout("dropout")
        .GraphConvolution("second", 32, edges).Relu("relu 2")
        .Linear("head", 7).CrossEntropy();

    public static StepCounter MicroLstm(int batch) => new StepCounter(batch, 96, 7)
        .Lstm("lstm", 64, depth: 2, dropout: true).OnePosition("last").Linear("head", 24).MeanSquaredError();

    /// <summary>A policy over two actions and a value, both from the four numbers of a cart and its pole.</summary>
    public static StepCounter PolicyAndValue(int batch) => new StepCounter(batch, 4)
        .Branch(value => value
            .Linear("value 1", 128).Tanh("v tanh 1").Linear("value 2", 64).Tanh("v tanh 2").Linear("value", 1).MeanSquaredError("value loss"))
        .Linear("policy 1", 128).Tanh("p tanh 1").Linear("policy 2", 64).Tanh("p tanh 2").Linear("policy", 2).CrossEntropy();

    static StepCounter Level(this StepCounter counter, int channels, Action<StepCounter> below, bool time = false)
    {
        var name = $"{channels}";
        return counter
            .TwoConvolutions($"{name} down", channels, time)
            .Concat($"{name} skip", _ => { }, deeper =>
            {
                below(deeper.MaxPool($"{name} pool", 2));
                deeper.ConvTranspose2d($"{name} up", channels, 2, stride: 2);
            })
            .TwoConvolutions($"{name} up", channels);
    }

    static StepCounter TwoConvolutions(this StepCounter counter, string name, int channels, bool time = false)
    {
        counter.Conv2d($"{name} a", channels, 3, padding: 1, bias: false).BatchNorm($"{name} a norm").Relu($"{name} a relu");
        if (time)
            counter.AddPerChannel($"{name} time", "time", vector => vector.Linear($"{name} from time", channels));
        return counter.Conv2d($"{name} b", channels, 3, padding: 1, bias: false).BatchNorm($"{name} b norm").Relu($"{name} b relu");
    }

    static void Separable(StepCounter counter, int channels, int stride) => counter
        .Conv2d("depthwise", counter.Shape[1], 3, stride, padding: 1, groups: (int)counter.Shape[1], bias: false)
        .BatchNorm("depthwise norm").Relu("depthwise relu")
        .Conv2d("pointwise", channels, 1, bias: false).BatchNorm("pointwise norm").Relu("pointwise relu");

    static void BasicBlock(StepCounter counter, int channels, int stride)
    {
        var projected = stride != 1 || counter.Shape[1] != channels;
        counter.Residual(
            "block",
            body => body
                .Conv2d("a", channels, 3, stride, padding: 1, bias: false).BatchNorm("a norm").Relu("a relu")
                .Conv2d("b", channels, 3, padding: 1, bias: false).BatchNorm("b norm"),
            projected ? shortcut => shortcut.Conv2d("shortcut", channels, 1, stride, bias: false).BatchNorm("shortcut norm") : null)
            .Relu("block relu");
    }

    static void InvertedResidual(StepCounter counter, int expansion, int channels, int stride)
    {
        if (stride == 1 && counter.Shape[1] == channels)
            counter.Residual("block", body => Body(body));
        else
            Body(counter);

        void Body(StepCounter body)
        {
            var wide = expansion * body.Shape[1];
            if (expansion != 1)
                body.Conv2d("expand", wide, 1, bias: false).BatchNorm("expand norm").Relu("expand relu");
            body.Conv2d("depthwise", wide, 3, stride, padding: 1, groups: (int)wide, bias: false).BatchNorm("depthwise norm").Relu("depthwise relu")
                .Conv2d("project", channels, 1, bias: false).BatchNorm("project norm");
        }
    }
}
