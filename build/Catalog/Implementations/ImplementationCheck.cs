namespace MlPerfEdu.Generator;

/// <summary>Every entry needs one implementation, and every implementation an entry.</summary>
public static class ImplementationCheck
{
    /// <param name="catalog">A checked catalog.</param>
    /// <param name="assemblyPath">The compiled MlPerfEdu.Workloads.</param>
    public static IReadOnlyList<Diagnostic> Check(WorkloadCatalog catalog, string assemblyPath)
    {
        var assemblyProblems = new Problems(assemblyPath);
        if (ImplementationReader.Read(assemblyPath, assemblyProblems) is not { } implementations)
            return assemblyProblems.ToList();
        var problems = new Problems(catalog.File);
        var ids = catalog.Entries.Select(entry => entry.Id).ToList();
        var implemented = implementations.Select(implementation => implementation.Id).ToList();
        foreach (var entry in catalog.Entries.Where(entry => !implemented.Contains(entry.Id)))
            problems.NotImplemented(entry, implemented);
        foreach (var stray in implementations.Where(implementation => !ids.Contains(implementation.Id)))
            problems.NoEntry(catalog.SuitesLine, stray, ids);
        foreach (var same in implementations.GroupBy(implementation => implementation.Id).Where(group => group.Count() > 1))
            problems.ImplementedTwice(catalog.Find(same.Key)?.Line ?? catalog.SuitesLine, same.First(), same.ElementAt(1));
        return problems.ToList();
    }
}
