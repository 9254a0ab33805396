using MlPerfEdu.Catalog;

namespace MlPerfEdu.Generator;

/// <summary>Writes one test class per entry. The same catalog gives the same bytes on every machine.</summary>
public sealed class TestClassEmitter(YamlLocation yaml)
{
    readonly TestClassWriter writer = new();

    public static string Emit(WorkloadCatalog catalog, YamlLocation yaml)
    {
        var emitter = new TestClassEmitter(yaml);
        emitter.writer.Begin("workload", "MlPerfEdu.Suites.Generated");
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
        writer.Line(1, $"public sealed class {name} : global::MlPerfEdu.Suites.{baseClass}");
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
            writer.Test(yaml, target, "void Meets_its_quality_target", $"CheckQuality({Place(target)})");
        IReadOnlyList<QualityTarget> checks = entry switch
        {
            InferenceEntry inference => inference.Checks,
            ExperimentEntry experiment => experiment.Checks,
            _ => [],
        };
        foreach (var (index, check) in checks.Index())
            writer.Test(yaml, check.Line, $"void Holds_check_{index + 1}", $"Check({CSharpLiteral.Of(check.Metric)}, {Place(check.Line)})");
        if (entry is ModelEntry model)
        {
            // A baseline of any class shows where the statement stands; without one, the entry does.
            var regime = model.Regimes.Values.FirstOrDefault();
            foreach (var axis in AxisFormat.All)
                writer.Test(yaml, regime?[axis.Axis].Line ?? entry.Line, $"void Keeps_its_{axis.Name}", $"CheckRegime({CSharpLiteral.Of(axis.Name)})");
        }
        writer.Test(yaml, entry.Line, "global::System.Threading.Tasks.Task Matches_its_snapshot", "CheckSnapshot()");
        if (entry is ModelEntry)
            writer.Test(yaml, entry.Line, "void Keeps_its_invariants", "CheckInvariants()");
        if (entry.Budget is not null)
            writer.Test(yaml, entry.BudgetLine, "void Stays_within_its_memory_budget", $"CheckMemory({Place(entry.BudgetLine)})");
    }

    string Place(int line) => CSharpLiteral.Of($"{yaml.DisplayPath}:{line}");
}
