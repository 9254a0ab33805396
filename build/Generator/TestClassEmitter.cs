namespace MlPerfEdu.Generator;

/// <summary>Writes one test class per entry. The same catalog gives the same bytes on every machine.</summary>
public sealed class TestClassEmitter
{
    readonly TestClassWriter writer = new();
    readonly YamlLocation yaml;

    TestClassEmitter(YamlLocation yaml) => this.yaml = yaml;

    public static string Emit(WorkloadCatalog catalog, YamlLocation yaml)
    {
        var emitter = new TestClassEmitter(yaml);
        emitter.writer.Begin("workload", "MlPerfEdu.Workloads.Tests.Generated");
        foreach (var (index, entry) in catalog.Entries.Index())
        {
            if (index > 0)
                emitter.writer.Line(0, "");
            emitter.EmitClass(entry);
        }
        return emitter.writer.End();
    }

    void EmitClass(CatalogEntry entry)
    {
        writer.Trait("Suite", entry.Suite);
        writer.Trait("Workload", entry.Id);
        if (entry is ModelEntry { Scenario: var scenario })
            writer.Trait("Scenario", scenario);
        writer.Trait("Tier", entry.Tier);
        var name = ClassName.Of(entry.Id);
        var baseClass = entry switch
        {
            WorkloadEntry => "WorkloadTests",
            InferenceEntry => "InferenceTests",
            _ => "ExperimentTests",
        };
        writer.Line(1, $"public sealed class {name} : global::MlPerfEdu.Workloads.Tests.{baseClass}");
        writer.Line(1, "{");
        writer.Line(2, $"public {name}(global::Xunit.Abstractions.ITestOutputHelper output)");
        writer.Line(3, $": base({CSharpLiteral.Of(entry.Id)}, output)");
        writer.Line(2, "{");
        writer.Line(2, "}");
        EmitTests(entry);
        writer.Line(1, "}");
    }

    void EmitTests(CatalogEntry entry)
    {
        if (entry is WorkloadEntry { Data: [{ QualityTarget.Line: var target }, ..] })
            EmitTest(target, "void Meets_its_quality_target", $"CheckQuality({Place(target)})");
        IReadOnlyList<QualityTarget> checks = entry switch
        {
            InferenceEntry inference => inference.Checks,
            ExperimentEntry experiment => experiment.Checks,
            _ => [],
        };
        foreach (var (index, check) in checks.Index())
            EmitTest(check.Line, $"void Holds_check_{index + 1}", $"Check({CSharpLiteral.Of(check.Metric)}, {Place(check.Line)})");
        if (entry is ModelEntry model)
        {
            // A baseline of any class shows where the statement stands; without one, the entry does.
            var regime = model.Regimes.Values.FirstOrDefault();
            EmitRegime("working_set", regime?.WorkingSet.Line ?? entry.Line);
            EmitRegime("arithmetic_intensity", regime?.ArithmeticIntensity.Line ?? entry.Line);
            EmitRegime("dispatch", regime?.Dispatch.Line ?? entry.Line);
        }
        EmitTest(entry.Line, "global::System.Threading.Tasks.Task Matches_its_snapshot", "CheckSnapshot()");
        if (entry is ModelEntry)
            EmitTest(entry.Line, "void Keeps_its_invariants", "CheckInvariants()");
    }

    void EmitRegime(string axis, int line) => EmitTest(line, $"void Keeps_its_{axis}", $"CheckRegime({CSharpLiteral.Of(axis)})");

    void EmitTest(int line, string signature, string call) => writer.Test(yaml, line, signature, call);

    string Place(int line) => CSharpLiteral.Of($"{yaml.DisplayPath}:{line}");
}
