using System.Collections;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>The C# side of the fixture group "modules".</summary>
public sealed class ModuleTable : IEnumerable<string>
{
    private readonly Dictionary<string, ModuleCase> _cases = [];

    public ModuleCase this[string name] => _cases[name];

    public void Add<TModule>(string name, Func<TModule> build, Func<TModule, CaseInputs, Outputs> call) where TModule : nn.Module =>
        _cases.Add(name, new(build, (module, inputs) => call((TModule)module, inputs)));

    /// <summary>A module of one tensor, called with the input x.</summary>
    public void Add(string name, Func<nn.Module<Tensor, Tensor>> build) => Add(name, build, (m, i) => m.call(i["x"]));

    public IEnumerator<string> GetEnumerator() => _cases.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
