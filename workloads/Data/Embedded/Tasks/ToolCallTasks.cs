using System.Text.Json;
using static System.FormattableString;

namespace MlPerfEdu.Data;

/// <summary>
/// Tools in a short notation, a request, and the call that it asks for, as JSON: name and parameters are copied from the notation, in its order,
/// and values from the request, which has them in any order, each of its parameter's kind. A structure is a tool with its parameters.
/// </summary>
static class ToolCallTasks
{
    const int MostParameters = 3, Offered = 2;

    const string Tools = "tools: ", Ask = "\nask: ", Call = "\ncall: ", With = " with ", And = " and ";

    public static readonly string[] Pieces =
        [Tools, Ask, Call, With, And, ") ", "{\"name\":\"", "\",\"arguments\":{\"", "\":\"", "\":", "\",\"", ",\"", "\"}}", "}}"];

    static readonly string[] WordParameters = [.. TaskWords.WordParameters.Keys];

    sealed record Tool(string Name, string[] Parameters)
    {
        public string Notation => $"{Name}({string.Join(',', Parameters)})";
    }

    public static string RequestOf(string function, IEnumerable<string> parameters, string question) =>
        $"{Tools}{function}({string.Join(',', parameters)}){Ask}{question}{Call}";

    public static ToolCallTask Create(Examination examination, ref Xoshiro random)
    {
        var tools = new Tool[Offered];
        for (var i = 0; i < tools.Length; i++)
        {
            do tools[i] = Draw(examination == Examination.NewStructure, ref random); while (tools.Take(i).Any(other => other.Name == tools[i].Name));
        }
        var chosen = tools[random.Below(tools.Length)];
        var values = new string[chosen.Parameters.Length];
        for (var i = 0; i < values.Length; i++) values[i] = Value(chosen.Parameters[i], ref random);

        var request = new StringBuilder(Tools).AppendJoin(' ', tools.Select(tool => tool.Notation)).Append(Ask).Append(chosen.Name);
        foreach (var (at, i) in Shuffled(values.Length, ref random).Index())
            request.Append(at == 0 ? With : And).Append(chosen.Parameters[i]).Append(' ').Append(values[i]);
        var arguments = chosen.Parameters.Zip(values, (name, value) => $"\"{name}\":{(IsNumber(name) ? value : $"\"{value}\"")}");
        var call = $"{{\"name\":\"{chosen.Name}\",\"arguments\":{{{string.Join(',', arguments)}}}}}";
        return new(examination, chosen.Notation, [new(request + Call, IsWritten: false), new(call, IsWritten: true)], Schema(tools));
    }

    static Tool Draw(bool isExamined, ref Xoshiro random)
    {
        while (true)
        {
            var parameters = new string[1 + random.Below(MostParameters)];
            for (var i = 0; i < parameters.Length; i++)
            {
                do parameters[i] = Parameter(ref random); while (parameters.Take(i).Contains(parameters[i]));
            }
            var tool = new Tool(TaskWords.Tools[random.Below(TaskWords.Tools.Length)], parameters);
            if (IsExamined(tool.Notation) == isExamined) return tool;
        }
    }

    /// <summary>Whether tools of this notation are only in tasks of new structure: one of five, by a hash.</summary>
    internal static bool IsExamined(string notation) => StructureHash.Of(notation) % 5 == 0;

    static string Parameter(ref Xoshiro random) => random.Chance(0.12)
        ? TaskWords.NumberParameters[random.Below(TaskWords.NumberParameters.Length)]
        : WordParameters[random.Below(WordParameters.Length)];

    static bool IsNumber(string parameter) => TaskWords.NumberParameters.Contains(parameter);

    static string Value(string parameter, ref Xoshiro random)
    {
        if (IsNumber(parameter)) return Invariant($"{1 + random.Below(300)}");
        var words = TaskWords.WordParameters[parameter];
        return words[random.Below(words.Length)];
    }

    static int[] Shuffled(int count, ref Xoshiro random)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    // A call of any of the tools.
    static string Schema(Tool[] tools) => JsonSerializer.Serialize(new
    {
        anyOf = tools.Select(tool => new
        {
            type = "object",
            required = (string[])["name", "arguments"],
            properties = new Dictionary<string, object>
            {
                ["name"] = new Dictionary<string, string> { ["const"] = tool.Name },
                ["arguments"] = new
                {
                    type = "object",
                    required = tool.Parameters,
                    properties = tool.Parameters.ToDictionary(parameter => parameter, Type),
                },
            },
        }),
    });

    static object Type(string parameter) => IsNumber(parameter)
        ? new { type = "integer" }
        : new { type = "string", minLength = 1, maxLength = 12 };
}

/// <summary>Of a structure's name: the same on every machine (FNV-1a, 64 bits).</summary>
static class StructureHash
{
    public static ulong Of(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var value in Encoding.UTF8.GetBytes(text)) hash = (hash ^ value) * 1099511628211UL;
        // The lowest bits of FNV mix least.
        return hash >> 20;
    }
}
