using System.Globalization;

namespace MlPerfEdu.Generator;

/// <summary>Writes one test class per workload. The same catalog gives the same bytes on every machine.</summary>
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
        var name = ClassName.Of(entry.Id);
        writer.Trait("Suite", entry.Suite);
        writer.Trait("Workload", entry.Id);
        if (entry is ModelEntry { Scenario: var scenario })
            writer.Trait("Scenario", scenario);
        writer.Trait("Tier", entry.Tier);
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
        switch (entry)
        {
            case WorkloadEntry workload:
                var target = workload.Data[0].QualityTarget.Line;
                EmitTest(target, "void Meets_its_quality_target", $"CheckQuality({CSharpLiteral.Of(Place(target))})");
                EmitStepTests(workload);
                break;
            case InferenceEntry inference:
                EmitChecks(inference.Checks);
                EmitStepTests(inference);
                break;
            case ExperimentEntry experiment:
                EmitChecks(experiment.Checks);
                EmitSnapshotTest(experiment);
                break;
        }
    }

    void EmitChecks(IReadOnlyList<QualityTarget> checks)
    {
        foreach (var (index, check) in checks.Index())
            EmitTest(
                check.Line, $"void Holds_check_{index + 1}", $"Check({CSharpLiteral.Of(check.Metric)}, {CSharpLiteral.Of(Place(check.Line))})");
    }

    void EmitStepTests(ModelEntry entry)
    {
        // A baseline of any class shows where the statement stands; without one, the entry does.
        var regime = entry.Regimes.Values.FirstOrDefault();
        EmitRegime("working_set", regime?.WorkingSet.Line ?? entry.Line);
        EmitRegime("arithmetic_intensity", regime?.ArithmeticIntensity.Line ?? entry.Line);
        EmitRegime("dispatch", regime?.Dispatch.Line ?? entry.Line);
        EmitSnapshotTest(entry);
        EmitTest(entry.Line, "void Keeps_its_invariants", "CheckInvariants()");
    }

    void EmitSnapshotTest(CatalogEntry entry) =>
        EmitTest(entry.Line, "global::System.Threading.Tasks.Task Matches_its_snapshot", "CheckSnapshot()");

    void EmitRegime(string axis, int line) => EmitTest(line, "void Keeps_its_" + axis, $"CheckRegime({CSharpLiteral.Of(axis)})");

    void EmitTest(int line, string signature, string call) => writer.Test(yaml, line, signature, call);

    string Place(int line) => string.Create(CultureInfo.InvariantCulture, $"{yaml.DisplayPath}:{line}");
}
