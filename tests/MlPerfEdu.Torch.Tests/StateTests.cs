using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests;

/// <summary>Random streams, process-wide settings and what an optimizer remembers.</summary>
public sealed class StateTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_process_stream_continues_from_a_kept_state()
    {
        manual_seed(5);
        Assert.Equal(5, initial_seed());
        var state = get_rng_state();
        var first = randn(20).data<float>().ToArray();
        set_rng_state(state);
        Assert.Equal(first, randn(20).data<float>().ToArray());
        random.set_rng_state(random.get_rng_state());
        Assert.Equal(5, random.initial_seed());
    }

    [Fact]
    public void A_generator_has_a_stream_of_its_own()
    {
        using var own = new Generator(7);
        Assert.Equal(7, own.initial_seed());
        var first = rand(4, generator: own).data<float>().ToArray();
        manual_seed(7);
        Assert.Equal(rand(4).data<float>().ToArray(), first);
        var state = own.get_state();
        var second = rand(4, generator: own).data<float>().ToArray();
        own.set_state(state);
        Assert.Equal(second, rand(4, generator: own).data<float>().ToArray());
        own.manual_seed(7);
        Assert.Equal(first, rand(4, generator: own).data<float>().ToArray());
    }

    [Fact]
    public void A_drawn_seed_changes_the_stream()
    {
        manual_seed(1);
        var before = rand(4).data<float>().ToArray();
        Assert.NotEqual(random.seed(), seed());
        Assert.NotEqual(before, rand(4).data<float>().ToArray());
        using var own = new Generator(1);
        own.seed();
        Assert.NotEqual(before, rand(4, generator: own).data<float>().ToArray());
    }

    [Fact]
    public void The_default_type_is_that_of_new_tensors()
    {
        Assert.Equal(ScalarType.Float32, get_default_dtype());
        set_default_dtype(ScalarType.Float64);
        try
        {
            Assert.Equal(ScalarType.Float64, zeros(1).dtype);
        }
        finally
        {
            set_default_dtype(ScalarType.Float32);
        }
        Assert.Equal(ScalarType.Float32, zeros(1).dtype);
    }

    [Fact]
    public void Threads_are_as_many_as_asked_for()
    {
        var before = get_num_threads();
        set_num_threads(1);
        Assert.Equal(1, get_num_threads());
        set_num_threads(before);
        Assert.True(get_num_interop_threads() > 0);
    }

    [Fact]
    public void A_parameter_group_added_later_is_trained_too()
    {
        TorchSharp.Modules.Parameter first = nn.Parameter(ones(1)), second = nn.Parameter(ones(1));
        using var optimizer = optim.SGD([first], 0.1);
        optimizer.add_param_group(new TorchSharp.Modules.SGD.ParamGroup([second], 0.1));
        Assert.Equal([first, second], optimizer.parameters());
        (first + second).sum().backward();
        optimizer.step();
        Assert.Equal(0.9f, second.item<float>());
        Assert.Equal([0.1, 0.1], optim.lr_scheduler.StepLR(optimizer, 3).get_last_lr());
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("rmsprop")]
    [InlineData("adagrad")]
    public void An_optimizer_goes_on_from_its_saved_state(string kind)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.dat");
        var weights = new[] { nn.Parameter(ones(3)), nn.Parameter(ones(3)) };
        var optimizers = weights.Select(w => Make(kind, w)).ToArray();
        Step(0);
        using (no_grad())
            weights[1].copy_(weights[0]);
        try
        {
            optimizers[0].save_state_dict(path);
            optimizers[1].load_state_dict(path);
        }
        finally
        {
            File.Delete(path);
        }
        Step(0);
        Step(1);
        Assert.Equal(weights[0].data<float>().ToArray(), weights[1].data<float>().ToArray());

        void Step(int which)
        {
            optimizers[which].zero_grad();
            weights[which].square().sum().backward();
            optimizers[which].step();
        }
    }

    private static TorchSharp.Modules.OptimizerHelper Make(string kind, TorchSharp.Modules.Parameter weight) => kind switch
    {
        "sgd" => optim.SGD([weight], 0.1, momentum: 0.9),
        "adam" => optim.Adam([weight], 0.1),
        "rmsprop" => optim.RMSProp([weight], 0.1, momentum: 0.5, centered: true),
        "adagrad" => optim.Adagrad([weight], 0.1, lr_decay: 0.1),
        _ => optim.AdamW([weight], 0.1),
    };
}
