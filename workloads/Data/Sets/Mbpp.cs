using System.Text.Json;

namespace MlPerfEdu.Data;

/// <summary>Problems for small Python programs. Nothing here is trained on.</summary>
public sealed record PythonProblemSet(IReadOnlyList<PythonProblem> Test, Provenance Provenance) : DataSet(Provenance), ISamples
{
    static string ISamples.Word => "problems";

    private protected override void AppendTo(IncrementalHash hash)
    {
        foreach (var problem in Test) hash.AppendData(Encoding.UTF8.GetBytes($"{problem.Text}\t{string.Join('\t', problem.Tests)}\n"));
    }
}

/// <param name="Text">What the program should do, in a sentence.</param>
/// <param name="Tests">Lines of Python: imports, and an assertion for each test.</param>
public sealed record PythonProblem(string Text, IReadOnlyList<string> Tests);

/// <summary>Mostly Basic Python Problems (Austin et al., 2021), those that its authors checked by hand.</summary>
public static class Mbpp
{
    const string File = "sanitized-mbpp.json";

    [Reads("mbpp-sanitized")]
    public static PythonProblemSet Load(DataResolution data)
    {
        var problems = Read(data.Read(File));
        return new(problems, data.Provenance(DataTier.Real, $"MBPP: {problems.Count} problems checked by hand; nothing to train on."));
    }

    public static List<PythonProblem> Read(byte[] file)
    {
        try
        {
            using var document = JsonDocument.Parse(file);
            return [.. document.RootElement.EnumerateArray().Select(item => new PythonProblem(
                item.GetProperty("prompt").GetString()!, [.. Lines(item, "test_imports"), .. Lines(item, "test_list")]))];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw FormatErrors.WrongShape(File, $"another shape ({error.Message})", "a list of problems with prompt, test_imports and test_list");
        }
    }

    static IEnumerable<string> Lines(JsonElement item, string name) => item.GetProperty(name).EnumerateArray().Select(line => line.GetString()!);
}
