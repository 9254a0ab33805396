using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests;

/// <summary>Modules and parameters kept in lists and dictionaries.</summary>
public sealed class ContainerTests
{
    [Fact]
    public void A_module_list_is_a_list_whose_indices_are_names()
    {
        Linear first = nn.Linear(1, 1), second = nn.Linear(2, 2), third = nn.Linear(3, 3), fourth = nn.Linear(4, 4);
        using var list = nn.ModuleList(second);
        list.Insert(0, first);
        list.Add(third);
        list.append(fourth);
        Assert.Equal([first, second, third, fourth], list);
        Assert.Equal(2, list.IndexOf(third));
        var found = list.Contains(second);
        Assert.True(found);
        Assert.True(list.Remove(second));
        list.RemoveAt(0);
        list.extend([first]);
        var copied = new Linear[3];
        list.CopyTo(copied, 0);
        Assert.Equal([third, fourth, first], copied);
        Assert.Equal([3, 3], list.named_parameters().First(p => p.name == "0.weight").parameter.shape);
        list.Clear();
        Assert.Empty(list);
    }

    [Fact]
    public void A_module_dictionary_names_its_modules()
    {
        Linear first = nn.Linear(1, 1), second = nn.Linear(2, 2);
        using var dictionary = nn.ModuleDict(("first", first));
        dictionary.Add("second", second);
        Assert.True(dictionary.ContainsKey("second"));
        Assert.True(dictionary.TryGetValue("first", out var found));
        Assert.Same(first, found);
        Assert.Equal(["first", "second"], dictionary.keys());
        Assert.Equal([first, second], dictionary.values());
        Assert.Contains("second.weight", dictionary.state_dict().Keys);
        Assert.True(dictionary.Remove("first"));
        Assert.Single(dictionary);
        dictionary.clear();
        Assert.Empty(dictionary);
    }

    [Fact]
    public void A_parameter_list_names_its_parameters_by_index()
    {
        Parameter first = nn.Parameter(ones(1)), second = nn.Parameter(ones(2)), third = nn.Parameter(ones(3));
        using var list = nn.ParameterList(second);
        list.Insert(0, first);
        list.append(third);
        Assert.Equal([1, 2, 3], list.Select(p => p.numel()));
        var foundThird = list.Contains(third);
        Assert.True(foundThird);
        Assert.Equal(1, list.IndexOf(second));
        Assert.True(list.Remove(second));
        list.RemoveAt(0);
        list.Add(first);
        list.extend([second]);
        var copied = new Parameter[3];
        list.CopyTo(copied, 0);
        Assert.Equal([3, 1, 2], copied.Select(p => p.numel()));
        list.Clear();
        Assert.Empty(list);
    }

    [Fact]
    public void A_sequence_grows()
    {
        using var scope = NewDisposeScope();
        using var sequence = nn.Sequential();
        sequence.append(nn.Identity()).append("last", nn.ReLU());
        Assert.Equal(0, sequence.call(tensor(-1f)).item<float>());
        Assert.Equal(2, sequence.Count);
    }

    [Fact]
    public void Parameters_become_one_vector_and_come_back()
    {
        using var scope = NewDisposeScope();
        using var source = nn.Linear(2, 3);
        using var target = nn.Linear(2, 3);
        var vector = nn.utils.parameters_to_vector(source.parameters());
        Assert.Equal(9, vector.numel());
        nn.utils.vector_to_parameters(vector, target.parameters());
        Assert.Equal(source.weight.data<float>().ToArray(), target.weight.data<float>().ToArray());
    }

    [Fact]
    public void Gradients_are_clipped_by_value()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(1, 1);
        (linear.call(ones(1, 1)) * 100).sum().backward();
        nn.utils.clip_grad_value_(linear.parameters(), 0.5);
        Assert.All(linear.parameters(), p => Assert.Equal(0.5f, p.grad!.max().item<float>()));
    }
}
