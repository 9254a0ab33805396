using MlPerfEdu.Catalog;
using MlPerfEdu.Engine.Training;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Training;

public class MuonTests(ITestOutputHelper output)
{
    const double LearningRate = 1e-2, MatrixLearningRate = 3e-3, Decay = 0.1, Momentum = 0.9;

    static readonly Recipe Recipe = ThisClone.Entry("anomaly-ae-train").Recipe with
    {
        Optimizer = "muon", LearningRate = LearningRate, MatrixLearningRate = MatrixLearningRate, Momentum = Momentum, WeightDecay = Decay, ClipNorm = 0,
    };

    // Singular values of a gradient differ by orders of magnitude.
    [Theory]
    [InlineData(3, 64, 96)]
    [InlineData(5, 7, 7)]
    [InlineData(4, 1, 9)]
    public void Rows_of_each_block_become_nearly_orthonormal(int blocks, int rows, int length)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var x = linspace(0.02, 1, rows).unsqueeze(1) * randn(blocks, rows, length);
        var values = linalg.svdvals(Muon.Orthonormal(x));
        var (least, largest) = (values.min().item<float>(), values.max().item<float>());
        output.WriteLine($"singular values from {least:0.000} to {largest:0.000}");
        Assert.InRange(least, 0.8f, 1.2f);
        Assert.InRange(largest, 0.8f, 1.2f);
    }

    [Fact]
    public void Nothing_becomes_of_no_gradient()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, Muon.Orthonormal(zeros(2, 3, 4)).abs().max().item<float>());
    }

    // A tall matrix of two blocks, a wide one of three, a square one that is a block, and biases.
    [Fact]
    public void Follows_the_plain_form_in_double_precision()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        var model = nn.Sequential(("tall", nn.Linear(39, 78)), ("wide", nn.Linear(78, 26)), ("square", nn.Linear(26, 26)));
        var weights = model.named_parameters().ToDictionary(named => named.name, named => named.parameter);
        var plain = weights.ToDictionary(pair => pair.Key, pair => new PlainMuon(pair.Value, ofMatrix: pair.Key.EndsWith("weight", StringComparison.Ordinal)));
        using var muon = new Muon(model, Recipe);

        for (var step = 0; step < 5; step++)
        {
            muon.LearningRate = LearningRate / (step + 1);
            (model.call(randn(16, 39)) - step).square().mean().backward();
            foreach (var (name, weight) in weights) plain[name].Step(weight.grad!, 1.0 / (step + 1));
            muon.Step();
            Assert.All(weights.Values, weight => Assert.Null(weight.grad));
        }

        var differences = weights.Select(pair => (pair.Key, (pair.Value.to(float64) - plain[pair.Key].Value).abs().max().item<double>())).ToList();
        foreach (var (name, difference) in differences) output.WriteLine($"{name}: {difference:g3}");
        // Five steps change a number by about 7e-3; single precision knows little of a gradient's least singular values, which are enlarged.
        Assert.All(differences, found => Assert.True(found.Item2 < 1e-4, $"{found.Key}: {found.Item2:g3}, expected below 1e-4"));
    }

    /// <summary>A matrix block by block with the iterations as the paper has them, or AdamW for anything else.</summary>
    sealed class PlainMuon(Tensor weight, bool ofMatrix)
    {
        static readonly (double A, double B, double C)[] Steps =
        [
            (8.28721201814563, -23.595886519098837, 17.300387312530933), (4.107059111542203, -2.9478499167379106, 0.5448431082926601),
            (3.9486908534822946, -2.908902115962949, 0.5518191394370137), (3.3184196573706015, -2.488488024314874, 0.51004894012372),
            (2.300652019954817, -1.6689039845749493, 0.4188073119525673),
        ];

        Tensor first = zeros(weight.shape, float64), second = zeros(weight.shape, float64);
        int steps;

        public Tensor Value { get; private set; } = weight.detach().to(float64);

        public void Step(Tensor gradient, double share)
        {
            var g = gradient.to(float64);
            steps++;
            if (ofMatrix)
            {
                first = Momentum * first + (1 - Momentum) * g;
                var rate = MatrixLearningRate * share;
                Value = Value * (1 - rate * Decay) - rate * Math.Sqrt(Value.shape.Min()) * Orthonormal(Momentum * first + (1 - Momentum) * g);
                return;
            }
            var (beta1, beta2) = (Recipe.Betas.First, Recipe.Betas.Second);
            first = beta1 * first + (1 - beta1) * g;
            second = beta2 * second + (1 - beta2) * g * g;
            var scaled = first / (1 - Math.Pow(beta1, steps)) / ((second / (1 - Math.Pow(beta2, steps))).sqrt() + Recipe.Epsilon);
            Value = Value * (1 - LearningRate * share * Decay) - LearningRate * share * scaled;
        }

        static Tensor Orthonormal(Tensor x)
        {
            if (x.shape[0] < x.shape[1]) return Orthonormal(x.t()).t();
            var rows = x.shape[1];
            return cat([.. Enumerable.Range(0, (int)(x.shape[0] / rows)).Select(block => OfBlock(x.narrow(0, block * rows, rows)))]);
        }

        static Tensor OfBlock(Tensor block)
        {
            var x = block / (block.norm() * 1.01);
            foreach (var (a, b, c) in Steps)
            {
                var squares = x.mm(x.t());
                x = a * x + (b * squares + c * squares.mm(squares)).mm(x);
            }
            return x;
        }
    }
}
