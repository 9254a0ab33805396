using System.Text.Json;

namespace MlPerfEdu.Data;

/// <summary>Questions, each with the one function that answers it. Nothing here is trained on.</summary>
public sealed record FunctionCallSet(IReadOnlyList<FunctionCall> Test, Provenance Provenance) : DataSet(Provenance), ISamples
{
    static string ISamples.Word => "questions";

    private protected override void AppendTo(IncrementalHash hash)
    {
        foreach (var call in Test)
            hash.AppendData(Encoding.UTF8.GetBytes($"{call.Question}\t{call.Function}({string.Join(',', call.Parameters)})\t{call.Allowed.GetRawText()}\n"));
    }
}

/// <param name="Parameters">Their names, in the function's order.</param>
/// <param name="Allowed">For each parameter a list of the values that are right; an empty text among them says that it may be left out.</param>
public sealed record FunctionCall(string Question, string Function, IReadOnlyList<string> Parameters, JsonElement Allowed);

/// <summary>The simple Python calls of the Berkeley Function Calling Leaderboard (Patil et al., 2024).</summary>
public static class Bfcl
{
    const string Questions = "BFCL_v4_simple_python.json", Answers = "possible_answer/BFCL_v4_simple_python.json";

    [Reads("bfcl-simple")]
    public static FunctionCallSet Load(DataResolution data)
    {
        var calls = Read(data.Read(Questions), data.Read(Answers));
        return new(calls, data.Provenance(DataTier.Part, $"BFCL: its {calls.Count} simple Python calls; nothing to train on."));
    }

    public static List<FunctionCall> Read(byte[] questions, byte[] answers)
    {
        try
        {
            var allowed = Lines(answers).ToDictionary(line => line.GetProperty("id").GetString()!, line => line.GetProperty("ground_truth")[0]);
            return [.. Lines(questions).Select(line => Call(line, allowed[line.GetProperty("id").GetString()!]))];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw FormatErrors.WrongShape(Questions, $"another shape ({error.Message})", "lines with id, question and function, and their ground_truth");
        }
    }

    static FunctionCall Call(JsonElement line, JsonElement allowed)
    {
        var function = line.GetProperty("function")[0];
        return new(
            line.GetProperty("question")[0][0].GetProperty("content").GetString()!,
            function.GetProperty("name").GetString()!,
            [.. function.GetProperty("parameters").GetProperty("properties").EnumerateObject().Select(parameter => parameter.Name)],
            allowed.EnumerateObject().First().Value);
    }

    static IEnumerable<JsonElement> Lines(byte[] file) => Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    });
}
