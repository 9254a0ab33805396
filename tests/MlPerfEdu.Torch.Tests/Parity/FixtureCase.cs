using System.Text.Json;

namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>What PyTorch was asked and what it answered.</summary>
public sealed class FixtureCase(string group, JsonElement json)
{
    public string Group { get; } = group;
    public string Name { get; } = json.GetProperty("name").GetString()!;
    /// <summary>The Python expression, for the reader of a failure.</summary>
    public string Call { get; } = json.GetProperty("call").GetString()!;
    public long Seed { get; } = json.GetProperty("seed").GetInt64();
    public JsonElement Json { get; } = json;

    public IEnumerable<(string Name, FixtureInput Input)> Inputs =>
        Json.GetProperty("in").EnumerateObject().Select(p => (p.Name, FixtureInput.Read(p.Value)));

    public TensorValue[] Outputs => [.. Json.GetProperty("out").EnumerateArray().Select(TensorValue.Read)];
    public Tolerance Tolerance => new(Json.GetProperty("tol")[0].GetDouble(), Json.GetProperty("tol")[1].GetDouble());
    public string? Error => Json.TryGetProperty("error", out var error) ? error.GetString() : null;

    /// <summary>Tensors by name under a key; null where PyTorch has none. Empty when the case has no such key.</summary>
    public Dictionary<string, TensorValue?> Named(string key) => Json.TryGetProperty(key, out var named)
        ? named.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ValueKind == JsonValueKind.Null ? null : TensorValue.Read(p.Value))
        : [];

    public override string ToString() => $"{Group}/{Name}: {Call}";
}
