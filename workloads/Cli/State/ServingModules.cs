using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads.Cli.State;

/// <summary>serving.yaml of the clone, and where its evidence goes.</summary>
static class ServingModules
{
    public static IReadOnlyList<KernelModule> Of(Session session)
    {
        var read = KernelCatalogReader.Read(PathOf(session, "serving.yaml"));
        return read.Modules ?? throw CliErrors.CatalogInvalid(read.Diagnostics, "serving.yaml");
    }

    /// <summary>Those with these ids, or all when none is named.</summary>
    public static IReadOnlyList<KernelModule> Of(Session session, IReadOnlyCollection<string> ids)
    {
        var all = Of(session);
        foreach (var id in ids.Where(id => all.All(module => module.Id != id)))
            throw CliErrors.UnknownModule(id, all.Select(module => module.Id));
        return ids.Count == 0 ? all : [.. all.Where(module => ids.Contains(module.Id))];
    }

    public static string EvidenceFolder(Session session) => Path.Combine(session.Repository.NewEvidenceFolder, "serving");

    public static string Readme(Session session) => PathOf(session, "README.md");

    public static string Script(Session session) => PathOf(session, "original.py");

    static string PathOf(Session session, string file) => Path.Combine(session.Repository.Root, "workloads", "Serving", file);
}
