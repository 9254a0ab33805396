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
    static readonly ToolSchema Weather = new("weather", [new("city", ParameterType.Text), new("days", ParameterType.Integer)]);

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

    public IEnumerable<KernelInvariant> Invariants()
    {
        yield return KernelInvariant.True("schemas that say the same have the same fingerprint, and others do not", AreFingerprintsUnique());
        var random = new RandomData(26);
        yield return KernelInvariant.True("a call is refused exactly when an argument is missing or of another type", 2000, () => IsJudged(random));
        var schemas = new ToolSchemaCache(2);
        var answers = new[] { schemas.Register(Weather), schemas.Register(Weather), schemas.Get("weather") == Weather };
        yield return KernelInvariant.True("registering again changes nothing", answers is [true, false, true] && schemas.Count == 1);
    }

    static bool AreFingerprintsUnique()
    {
        ToolSchema[] others =
        [
            new("weathe", [new("rcity", ParameterType.Text), new("days", ParameterType.Integer)]),
            new("weather", [new("city", ParameterType.Text)]),
            new("weather", [new("city", ParameterType.Text), new("days", ParameterType.Number)]),
            new("weather", [new("city", ParameterType.Text), new("days", ParameterType.Integer, Required: false)]),
            // The whole schema as the name of one parameter.
            new("weather", [new("city Text True|4:days", ParameterType.Integer)]),
            new("weather", [new("city Text True|days", ParameterType.Integer)]),
        ];
        var same = new ToolSchema("weather", [.. Weather.Parameters.Reverse()]);
        return others.Append(Weather).Select(schema => schema.Fingerprint).Distinct().Count() == others.Length + 1
            && same.Fingerprint == Weather.Fingerprint && same.Fingerprint.Length == 16;
    }

    static bool IsJudged(RandomData random)
    {
        object?[] values = ["Graz", 3, 3L, 2.5, 2.5f, true, null];
        var schemas = new ToolSchemaCache(1);
        ToolParameter[] parameters = [.. Enumerable.Range(0, random.Below(4))
            .Select(index => new ToolParameter($"p{index}", (ParameterType)random.Below(4), random.Below(2) == 0))];
        schemas.Register(new("tool", parameters));
        var router = new ToolRouter<int>(schemas);
        router.Handle("tool", arguments => arguments.Count);
        var call = Enumerable.Range(0, 5).Where(_ => random.Below(3) > 0)
            .ToDictionary(index => $"p{index}", _ => values[random.Below(values.Length)]);
        var valid = parameters.All(parameter =>
            call.TryGetValue(parameter.Name, out var value) ? IsOf(parameter.Type, value) : !parameter.Required);
        return Accepts(router, call) == valid;
    }

    static bool IsOf(ParameterType type, object? value) => (type, value?.GetType().Name) switch
    {
        (ParameterType.Text, "String") or (ParameterType.Boolean, "Boolean") => true,
        (ParameterType.Integer or ParameterType.Number, "Int32" or "Int64") => true,
        (ParameterType.Number, "Single" or "Double") => true,
        _ => false,
    };

    static bool Accepts(ToolRouter<int> router, Dictionary<string, object?> call)
    {
        try
        {
            return router.Route("tool", call) == call.Count;
        }
        catch (KernelException)
        {
            return false;
        }
    }
}
