using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>The inputs of a running case, by the names that the fixture gives them.</summary>
public sealed class CaseInputs(FixtureCase fixture)
{
    private readonly Dictionary<string, Tensor> _tensors = fixture.Inputs.ToDictionary(i => i.Name, i => i.Input.ToTensor());

    public Tensor this[string name] => _tensors[name];

    public IEnumerable<KeyValuePair<string, Tensor>> WithGradient => _tensors.Where(t => t.Value.requires_grad);
}
