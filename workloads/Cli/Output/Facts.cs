namespace MlPerfEdu.Workloads.Cli.Output;

/// <summary>Names and their values under a heading.</summary>
static class Facts
{
    public static void Draw(Screen screen, string heading, IEnumerable<(string Name, string Value)> facts)
    {
        var rows = facts.ToList();
        if (rows.Count == 0)
            return;
        screen.Line();
        screen.Line(heading);
        var width = rows.Max(row => row.Name.Length);
        foreach (var (name, value) in rows)
            screen.Line($"  {name.PadRight(width)}  {value}");
    }
}
