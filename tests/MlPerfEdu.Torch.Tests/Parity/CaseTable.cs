using System.Collections;

namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>The C# side of a group: for every case of the fixture, each way in which TorchSharp spells the call.</summary>
public sealed class CaseTable(string group) : IEnumerable<string>
{
    private readonly Dictionary<string, Func<CaseInputs, Outputs>[]> _spellings = [];

    public string Group { get; } = group;

    public Func<CaseInputs, Outputs>[] this[string name] => _spellings[name];

    public void Add(string name, params Func<CaseInputs, Outputs>[] spellings) => _spellings.Add(name, spellings);

    public IEnumerator<string> GetEnumerator() => _spellings.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
