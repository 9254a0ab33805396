namespace MlPerfEdu.Generator;

/// <summary>One entry of a registry, and the line on which it begins.</summary>
public sealed record RegistryEntry(string Id, int Line);

/// <summary>What is asked of every entry of one registry file.</summary>
/// <param name="Kind">In the singular and in lower case; also a trait, and with a capital the name of the base class.</param>
/// <param name="Tests">The name of each test and the method of the base class that it calls.</param>
public sealed record Registry(
    string Kind, IReadOnlyList<RegistryEntry> Entries, IReadOnlyList<(string Name, string Method)> Tests, YamlLocation Yaml);

/// <summary>Writes one test class per entry of the zoo's registries.</summary>
public static class RegistryTestEmitter
{
    const string Suite = "zoo";

    public static string Emit(IReadOnlyList<Registry> registries)
    {
        var writer = new TestClassWriter();
        writer.Begin("entry of the zoo", "MlPerfEdu.Zoo.Tests.Generated");
        foreach (var registry in registries)
            foreach (var entry in registry.Entries)
                EmitClass(writer, registry, entry);
        return writer.End();
    }

    // Ids of models and of devices may be the same, and so may a-1 and a1 without their hyphen.
    static void EmitClass(TestClassWriter writer, Registry registry, RegistryEntry entry)
    {
        var kind = Capital(registry.Kind);
        writer.Trait("Suite", Suite);
        writer.Trait(kind, entry.Id);
        var name = $"{kind}_{entry.Id.Replace('-', '_')}";
        writer.Line(1, $"public sealed class {name}() : global::MlPerfEdu.Zoo.Tests.{kind}Tests({CSharpLiteral.Of(entry.Id)})");
        writer.Line(1, "{");
        foreach (var (test, method) in registry.Tests)
            writer.Test(registry.Yaml, entry.Line, "void " + test, method + "()");
        writer.Line(1, "}");
    }

    static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
