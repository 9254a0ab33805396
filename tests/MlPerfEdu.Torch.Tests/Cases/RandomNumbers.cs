using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class RandomNumbers
{
    public static CaseTable Table { get; } = new("random")
    {
        { "rand", _ => rand(3, 5), _ => rand([3, 5]) },
        { "rand_double", _ => rand(5, dtype: ScalarType.Float64) },
        { "randn_few", _ => randn(2, 3), _ => randn([2, 3]) },
        { "randn_many", _ => randn(7, 9) },
        { "randn_double", _ => randn(20, dtype: ScalarType.Float64) },
        { "randint", _ => randint(10, [12]) },
        { "randint_from", _ => randint(-5, 5, [12]) },
        { "randperm", _ => randperm(13) },
        { "rand_like", i => rand_like(i["x"]), i => i["x"].rand_like() },
        { "randn_like", i => randn_like(i["x"]), i => i["x"].randn_like() },
        { "bernoulli", i => bernoulli(i["x"]), i => i["x"].bernoulli() },
        { "multinomial", i => multinomial(i["x"], 3), i => i["x"].multinomial(3) },
        { "multinomial_replaced", i => multinomial(i["x"], 12, replacement: true) },
        { "normal_", _ => zeros(20).normal_(1.0, 2.0) },
        { "uniform_", _ => zeros(20).uniform_(-1.0, 2.0) },
        { "bernoulli_", _ => zeros(20).bernoulli_(0.3) },
        { "exponential_", _ => zeros(20).exponential_(2.0) },
        { "log_normal_", _ => zeros(8).log_normal_(0.5, 0.25) },
        { "geometric_", _ => zeros(8).geometric_(0.3) },
        { "random_", _ => zeros(8).random_(2, 9) },
        { "randint_like", i => randint_like(i["x"], 2, 9), i => i["x"].randint_like(2, 9) },
        { "poisson", i => poisson(i["x"]), i => i["x"].poisson() },
        { "normal_of_tensors", i => normal(i["x"], i["y"]) },
        { "bernoulli_of_tensor_", i => zeros(8).bernoulli_(i["x"]) },
        { "randint_scalar", _ => randint_long(0, 1000), _ => randint_int(0, 1000) },
        { "dropout", i => F.dropout(i["x"], 0.4) },
        { "stream_goes_on", _ => new Outputs(rand(3), randn(17), randperm(4), rand(1)) },
        { "normal_factory", _ => normal(0.5, 2.0, [20]) },
    };
}
