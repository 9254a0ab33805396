namespace MlPerfEdu.Generator;

/// <summary>One entry of a registry, and the line on which it begins.</summary>
public sealed record RegistryEntry(string Id, int Line);

/// <summary>The tests that every entry of one registry file gets.</summary>
/// <param name="Kind">In the singular and in lower case; also a trait, and with a capital the name of the base class.</param>
/// <param name="Tests">The name of each test and the method of the base class that it calls.</param>
public sealed record Registry(
    string Kind, IReadOnlyList<RegistryEntry> Entries, IReadOnlyList<(string Name, string Method)> Tests, YamlLocation Yaml);

/// <summary>Writes one test class per entry of the registries of a suite.</summary>
public static class RegistryTestEmitter
{
    /// <param name="suite">In lower case; with a capital, the name of the project whose tests the base classes are part of.</param>
    public static string Emit(string suite, IReadOnlyList<Registry> registries)
    {
        var writer = new TestClassWriter();
        var tests = $"MlPerfEdu.{Capital(suite)}.Tests";
        writer.Begin($"entry of suite {suite}", tests + ".Generated");
        foreach (var registry in registries)
        {
            var kind = Capital(registry.Kind);
            foreach (var entry in registry.Entries)
            {
                writer.Trait("Suite", suite);
                writer.Trait(kind, entry.Id);
                // Ids of models and of devices may be the same, and so may a-1 and a1 without their hyphen.
                var name = $"{kind}_{entry.Id.Replace('-', '_')}";
                writer.Line(1, $"public sealed class {name}() : global::{tests}.{kind}Tests({CSharpLiteral.Of(entry.Id)})");
                writer.Line(1, "{");
                foreach (var (test, method) in registry.Tests)
                    writer.Test(registry.Yaml, entry.Line, "void " + test, method + "()");
                writer.Line(1, "}");
            }
        }
        return writer.End();
    }

    static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
