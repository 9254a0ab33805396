using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace MlPerfEdu.Serving.Tools;

public enum ParameterType
{
    Text,
    Integer,
    Number,
    Boolean,
}

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

/// <summary>What a model may call, and with what.</summary>
public sealed class ToolSchema
{
    public ToolSchema(string name, IReadOnlyList<ToolParameter> parameters)
    {
        Guard.NotEmpty(name.Length, "letters in the name of a tool");
        Name = name;
        Parameters = [.. parameters];
        var names = new HashSet<string>();
        foreach (var parameter in parameters)
        {
            if (!names.Add(parameter.Name))
                throw ServingErrors.Taken($"parameter of tool '{name}'", parameter.Name);
        }
        Fingerprint = FingerprintOf(this);
    }

    public string Name { get; }

    public ImmutableArray<ToolParameter> Parameters { get; }

    /// <summary>Equal for schemas that say the same, in whatever order: 16 hexadecimal digits of a SHA-256.</summary>
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
