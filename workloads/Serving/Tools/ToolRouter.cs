namespace MlPerfEdu.Serving.Tools;

/// <summary>Hands a call of the model to what carries it out, if the call is a valid one.</summary>
public sealed class ToolRouter<TResult>(ToolSchemaCache schemas)
{
    readonly Dictionary<string, Func<Dictionary<string, object?>, TResult>> _handlers = [];

    public void Handle(string tool, Func<Dictionary<string, object?>, TResult> handler)
    {
        schemas.Get(tool);
        if (!_handlers.TryAdd(tool, handler))
            throw ServingErrors.Taken("handler of tool", tool);
    }

    /// <summary>Arguments that the schema does not name are passed on.</summary>
    public TResult Route(string tool, Dictionary<string, object?> arguments)
    {
        var schema = schemas.Get(tool);
        foreach (var parameter in schema.Parameters.AsSpan())
        {
            var given = arguments.TryGetValue(parameter.Name, out var value);
            if (!given && parameter.Required)
                throw ServingErrors.Empty($"argument '{parameter.Name}' in a call of tool '{tool}'");
            if (given && !parameter.Takes(value))
            {
                throw ServingErrors.OutOfRange(
                    $"'{parameter.Name}' of tool '{tool}' as", value ?? "null", $"a value of type {parameter.Type}");
            }
        }
        return _handlers.TryGetValue(tool, out var handler)
            ? handler(arguments) : throw ServingErrors.UnknownId("tool", tool, "one with a handler");
    }
}
