namespace MlPerfEdu.Serving.Tools;

/// <summary>The tools that are known, by name.</summary>
public sealed class ToolSchemaCache(int capacity)
{
    readonly int _capacity = Guard.Positive(capacity, "capacity");
    readonly Dictionary<string, ToolSchema> _schemas = [];

    public int Count => _schemas.Count;

    /// <summary>Whether the tool is new; to register what is known already changes nothing.</summary>
    public bool Register(ToolSchema schema)
    {
        if (_schemas.TryGetValue(schema.Name, out var known))
        {
            return known.Fingerprint == schema.Fingerprint
                ? false : throw ServingErrors.Taken("tool with other parameters", schema.Name);
        }
        if (Count == _capacity)
            throw ServingErrors.OutOfRoom("tools of the cache", 1, 0);
        _schemas.Add(schema.Name, schema);
        return true;
    }

    public ToolSchema Get(string name) => _schemas.TryGetValue(name, out var schema)
        ? schema : throw ServingErrors.UnknownId("tool", name, "one that was registered");
}
