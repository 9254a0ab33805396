using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using MlPerfEdu.Catalog;

namespace MlPerfEdu.Generator.Tests;

/// <summary>Compiles sources in memory, against what the tests themselves run on.</summary>
static class Compile
{
    static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("xunit.", StringComparison.Ordinal)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static IEnumerable<Microsoft.CodeAnalysis.Diagnostic> Errors(params string[] sources) =>
        Compilation(sources).GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error);

    public static void ToFile(string path, params string[] sources)
    {
        var emitted = Compilation(sources).Emit(path);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
    }

    static CSharpCompilation Compilation(string[] sources) => CSharpCompilation.Create(
        "Compiled",
        sources.Select(source => CSharpSyntaxTree.ParseText(source)),
        References,
        new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
}
