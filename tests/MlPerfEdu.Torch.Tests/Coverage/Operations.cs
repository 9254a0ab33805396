using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace MlPerfEdu.Torch.Tests.Coverage;

/// <summary>The public methods of the TorchSharp assembly in use, by type and name.</summary>
internal static class Operations
{
    public static IReadOnlySet<string> Public { get; } = typeof(torch).Assembly.GetExportedTypes()
        .Where(t => !t.IsEnum && !typeof(Delegate).IsAssignableFrom(t))
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(IsOperation)
        .Select(NameOf)
        .ToHashSet();

    public static string NameOf(MethodBase method) => $"{TypeName(method.DeclaringType!)}.{method.Name}";

    // An override is the same operation under the name of the base method; a property is no operation; operators are.
    private static bool IsOperation(MethodInfo method) =>
        method.GetBaseDefinition() == method
        && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
        && !method.IsDefined(typeof(CompilerGeneratedAttribute));

    private static string TypeName(Type type)
    {
        var name = type.IsNested ? $"{TypeName(type.DeclaringType!)}.{type.Name}" : type.Name;
        return name.Split('`')[0];
    }
}
