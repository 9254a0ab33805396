using MlPerfEdu.Serving.Tools;
using static MlPerfEdu.Serving.Tools.ToolKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("tool-router")]
sealed class ToolInvariants : IInvariants
{
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
