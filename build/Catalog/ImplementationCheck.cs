using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MlPerfEdu.Catalog;

/// <summary>A class marked <c>[Workload("id")]</c> in a compiled assembly.</summary>
public sealed record Implementation(string Id, string TypeName);

/// <summary>Every entry needs one implementation, and every implementation an entry.</summary>
public static class ImplementationCheck
{
    /// <param name="catalog">A checked catalog.</param>
    /// <param name="assemblyPath">The compiled MlPerfEdu.Workloads.</param>
    public static IReadOnlyList<Diagnostic> Check(WorkloadCatalog catalog, string assemblyPath)
    {
        var assemblyProblems = new Problems(assemblyPath);
        if (Read(assemblyPath, assemblyProblems) is not { } implementations)
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

    // From the metadata alone; nothing of the assembly is loaded or run.
    static IReadOnlyList<Implementation>? Read(string assemblyPath, Problems problems)
    {
        try
        {
            using var file = File.OpenRead(assemblyPath);
            using var portable = new PEReader(file);
            var metadata = portable.GetMetadataReader();
            return [.. metadata.TypeDefinitions.SelectMany(type => ReadType(metadata, metadata.GetTypeDefinition(type)))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException or InvalidOperationException)
        {
            problems.UnreadableImplementations(e.Message);
            return null;
        }
    }

    static IEnumerable<Implementation> ReadType(MetadataReader metadata, TypeDefinition type)
    {
        foreach (var handle in type.GetCustomAttributes())
        {
            var attribute = metadata.GetCustomAttribute(handle);
            if (IsWorkload(metadata, attribute.Constructor) && ReadId(metadata.GetBlobReader(attribute.Value)) is { } id)
                yield return new(id, $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}");
        }
    }

    static bool IsWorkload(MetadataReader metadata, EntityHandle constructor)
    {
        EntityHandle attribute = constructor.Kind switch
        {
            HandleKind.MethodDefinition => metadata.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType(),
            HandleKind.MemberReference => metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent,
            _ => default,
        };
        var (space, name) = attribute.Kind switch
        {
            HandleKind.TypeDefinition when metadata.GetTypeDefinition((TypeDefinitionHandle)attribute) is var type => (type.Namespace, type.Name),
            HandleKind.TypeReference when metadata.GetTypeReference((TypeReferenceHandle)attribute) is var type => (type.Namespace, type.Name),
            _ => default,
        };
        return !name.IsNil && metadata.StringComparer.Equals(name, "WorkloadAttribute")
            && metadata.StringComparer.Equals(space, "MlPerfEdu.Engine");
    }

    // The value of an attribute begins with the number 1.
    static string? ReadId(BlobReader value) =>
        value.RemainingBytes > 2 && value.ReadUInt16() == 1 ? value.ReadSerializedString() : null;
}
