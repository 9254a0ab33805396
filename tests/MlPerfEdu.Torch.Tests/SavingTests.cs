using MlPerfEdu.Torch.Tests.Cases;
using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests;

/// <summary>Module.save writes TorchSharp's own format, so that files go from one provider to the other.</summary>
public sealed class SavingTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.dat");
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void A_file_is_a_count_and_per_tensor_a_name_a_type_a_shape_and_the_bytes()
    {
        var linear = nn.Linear(2, 1);
        using (no_grad())
        {
            linear.weight.copy_(tensor([1f, -2f], 1, 2));
            linear.bias!.fill_(0.5f);
        }
        linear.save(_path);

        Assert.Equal(
            [
                2,
                6, .. "weight"u8, (byte)ScalarType.Float32, 2, 1, 2, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0,
                4, .. "bias"u8, (byte)ScalarType.Float32, 1, 1, 0, 0, 0, 0x3F,
            ],
            File.ReadAllBytes(_path));
    }

    [Fact]
    public void Counts_of_128_and_more_take_two_bytes()
    {
        nn.Linear(1, 300, hasBias: false).save(_path);
        // 300 = 0b10_0101100: seven bits at a time, lowest first, the top bit says that more follow.
        Assert.Equal([2, 0xAC, 0x02, 1], File.ReadAllBytes(_path)[9..13]);
    }

    [Theory]
    [InlineData(typeof(Residual))]
    [InlineData(typeof(Separable))]
    public void A_module_comes_back(Type kind)
    {
        using var saved = (nn.Module<Tensor, Tensor>)Activator.CreateInstance(kind)!;
        using var loaded = (nn.Module<Tensor, Tensor>)Activator.CreateInstance(kind)!;
        saved.save(_path);
        loaded.load(_path);
        foreach (var (name, value) in saved.state_dict())
            Assert.Null(Difference.Between(TensorValue.Of(loaded.state_dict()[name]), TensorValue.Of(value), new(0, 0)));
    }

    [Fact]
    public void Loading_keeps_the_objects_that_an_optimizer_holds()
    {
        var linear = nn.Linear(2, 2);
        var weight = linear.weight;
        nn.Linear(2, 2).save(_path);
        linear.load(_path);
        Assert.Same(weight, linear.weight);
        Assert.True(linear.weight.requires_grad);
    }

    [Fact]
    public void Another_number_of_tensors_is_refused()
    {
        nn.Linear(2, 2).save(_path);
        Assert.Throws<ArgumentException>(() => nn.Linear(2, 2, hasBias: false).load(_path));
    }

    [Fact]
    public void Another_name_is_refused()
    {
        nn.Sequential(("first", nn.Linear(2, 2))).save(_path);
        Assert.Throws<ArgumentException>(() => nn.Sequential(("second", nn.Linear(2, 2))).load(_path));
    }

    [Fact]
    public void Not_strict_loads_what_fits_and_says_what_did()
    {
        var target = nn.Sequential(("first", nn.Linear(2, 2)), ("second", nn.Linear(2, 2)));
        var source = nn.Sequential(("first", nn.Linear(2, 2)));
        source.save(_path);
        var found = new Dictionary<string, bool>();
        target.load(_path, strict: false, loadedParameters: found);
        Assert.Equal(source.state_dict()["first.weight"].data<float>().ToArray(), target.state_dict()["first.weight"].data<float>().ToArray());
        Assert.Equal(["first.weight", "first.bias"], found.Where(f => f.Value).Select(f => f.Key));
    }

    [Fact]
    public void A_state_dict_moves_values_from_module_to_module()
    {
        using var source = new Separable();
        using var target = new Separable();
        var (missing, unexpected) = target.load_state_dict(source.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.Equal(source.state_dict()["head.weight"].data<float>().ToArray(), target.state_dict()["head.weight"].data<float>().ToArray());
    }
}
