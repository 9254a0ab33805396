namespace MlPerfEdu.Generator;

/// <summary>Keeps the names of suites and workloads valid, and workloads apart as ids and as class names.</summary>
internal sealed class WorkloadNames(Problems problems)
{
    readonly Dictionary<string, Position> ids = [];
    readonly Dictionary<string, YamlScalar> classes = new(StringComparer.OrdinalIgnoreCase);

    public void CheckSuite(YamlScalar suite) => CheckForm(suite, "a suite");

    public void Add(YamlScalar id, string suite)
    {
        if (!CheckForm(id, "a workload"))
            return;
        if (!ids.TryAdd(id.Text, id.Start))
        {
            problems.DuplicateWorkload(id, suite, ids[id.Text]);
            return;
        }
        var className = ClassName.Of(id.Text);
        if (!classes.TryAdd(className, id))
            problems.ClassNameCollision(id, className, classes[className].Text, classes[className].Start);
    }

    bool CheckForm(YamlScalar id, string what)
    {
        if (!Names.IsId(id.Text))
            problems.NotAnId(id, what);
        else if (Names.IsReserved(id.Text))
            problems.ReservedName(id, what);
        else
            return true;
        return false;
    }
}
