using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MlPerfEdu.Generator;

/// <summary>Reads the marked classes from an assembly's metadata; nothing of it is loaded or run.</summary>
internal static class ImplementationReader
{
    const string AttributeNamespace = "MlPerfEdu.Workloads";
    const string AttributeName = "WorkloadAttribute";
    const ushort AttributeProlog = 1;

    public static IReadOnlyList<Implementation>? Read(string assemblyPath, Problems problems)
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

    static bool IsWorkload(MetadataReader metadata, EntityHandle constructor) => constructor.Kind switch
    {
        HandleKind.MethodDefinition =>
            IsNamed(metadata, metadata.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType()),
        HandleKind.MemberReference => IsNamed(metadata, metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent),
        _ => false,
    };

    static bool IsNamed(MetadataReader metadata, EntityHandle type)
    {
        var (space, name) = type.Kind switch
        {
            HandleKind.TypeDefinition => Named(metadata.GetTypeDefinition((TypeDefinitionHandle)type)),
            HandleKind.TypeReference => NamedReference(metadata.GetTypeReference((TypeReferenceHandle)type)),
            _ => default,
        };
        return !name.IsNil && metadata.StringComparer.Equals(name, AttributeName) &&
            metadata.StringComparer.Equals(space, AttributeNamespace);

        static (StringHandle, StringHandle) Named(TypeDefinition type) => (type.Namespace, type.Name);
        static (StringHandle, StringHandle) NamedReference(TypeReference type) => (type.Namespace, type.Name);
    }

    static string? ReadId(BlobReader value) =>
        value.RemainingBytes > 2 && value.ReadUInt16() == AttributeProlog ? value.ReadSerializedString() : null;
}
