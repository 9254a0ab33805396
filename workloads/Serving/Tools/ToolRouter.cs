using System.Collections.Immutable;
using System.Security.Cryptography;

namespace MlPerfEdu.Serving.Tools;

/// <summary>Passes valid calls of the model on to their handlers.</summary>
public sealed class ToolRouter<TResult>(ToolSchemaCache schemas)
{
    readonly Dictionary<string, Func<Dictionary<string, object?>, TResult>> handlers = [];

    public void Handle(string tool, Func<Dictionary<string, object?>, TResult> handler)
    {
        schemas.Get(tool);
        if (!handlers.TryAdd(tool, handler))
            throw KernelErrors.Taken("handler of tool", tool);
    }

    /// <summary>Arguments that the schema does not name are passed on.</summary>
    public TResult Route(string tool, Dictionary<string, object?> arguments)
    {
        var schema = schemas.Get(tool);
        foreach (var parameter in schema.Parameters.AsSpan())
        {
            var given = arguments.TryGetValue(parameter.Name, out var value);
            if (!given && parameter.Required)
                throw KernelErrors.Empty($"argument '{parameter.Name}' in a call of tool '{tool}'");
            if (given && !parameter.Takes(value))
                throw KernelErrors.OutOfRange($"'{parameter.Name}' of tool '{tool}' as", value ?? "null", $"a value of type {parameter.Type}");
        }
        return handlers.TryGetValue(tool, out var handler) ? handler(arguments) : throw KernelErrors.UnknownId("tool", tool, "one with a handler");
    }
}

public enum ParameterType { Text, Integer, Number, Boolean }

public sealed record ToolParameter(string Name, ParameterType Type, bool Required = true)
{
    /// <summary>Whether a value is of this type; every integer is a number too.</summary>
    public bool Takes(object? value) => Type switch
    {
        ParameterType.Text => value is string,
        ParameterType.Integer => value is int or long,
        ParameterType.Number => value is int or long or float or double,
        _ => value is bool,
    };
}

/// <summary>A tool that a model may call, and its parameters.</summary>
public sealed class ToolSchema
{
    public ToolSchema(string name, IReadOnlyList<ToolParameter> parameters)
    {
        Guard.NotEmpty(name.Length, "letters in the name of a tool");
        Name = name;
        Parameters = [.. parameters];
        if (parameters.CountBy(parameter => parameter.Name).FirstOrDefault(pair => pair.Value > 1).Key is { } twice)
            throw KernelErrors.Taken($"parameter of tool '{name}'", twice);
        Fingerprint = FingerprintOf(this);
    }

    public string Name { get; }
    public ImmutableArray<ToolParameter> Parameters { get; }
    /// <summary>16 hexadecimal digits of a SHA-256, which do not depend on the order of the parameters.</summary>
    public string Fingerprint { get; }

    // Names may hold any letter: their lengths keep them apart.
    static string FingerprintOf(ToolSchema schema)
    {
        var text = new StringBuilder().Append(schema.Name.Length).Append(':').Append(schema.Name);
        foreach (var (name, type, required) in schema.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal))
            text.Append('|').Append(name.Length).Append(':').Append(name).Append(' ').Append(type).Append(' ').Append(required);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }
}

/// <summary>Registered tools by name.</summary>
public sealed class ToolSchemaCache(int capacity)
{
    readonly int capacity = Guard.Positive(capacity, "capacity");
    readonly Dictionary<string, ToolSchema> schemas = [];

    public int Count => schemas.Count;

    /// <returns>Whether the tool is new; registering it again changes nothing.</returns>
    public bool Register(ToolSchema schema)
    {
        if (schemas.TryGetValue(schema.Name, out var known))
            return known.Fingerprint == schema.Fingerprint ? false : throw KernelErrors.Taken("tool with other parameters", schema.Name);
        if (Count == capacity)
            throw KernelErrors.OutOfRoom("tools of the cache", 1, 0);
        schemas.Add(schema.Name, schema);
        return true;
    }

    public ToolSchema Get(string name) => schemas.TryGetValue(name, out var schema)
        ? schema : throw KernelErrors.UnknownId("tool", name, "one that was registered");
}

[Kernels("tool-router")]
public sealed class ToolKernels : IKernels
{
    internal static readonly ToolSchema Weather = new("weather", [new("city", ParameterType.Text), new("days", ParameterType.Integer)]);

    public IEnumerable<Kernel> Kernels()
    {
        var schemas = new ToolSchemaCache(16);
        schemas.Register(Weather);
        yield return new("register-again", () => schemas.Register(Weather));
        yield return new("get", () => schemas.Get("weather"));
        var router = new ToolRouter<int>(schemas);
        router.Handle("weather", arguments => arguments.Count);
        var call = new Dictionary<string, object?> { ["city"] = "Graz", ["days"] = 3 };
        yield return new("route", () => router.Route("weather", call));
    }
}
