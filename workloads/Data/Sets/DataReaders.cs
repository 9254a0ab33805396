using System.Reflection;

namespace MlPerfEdu.Data;

/// <summary>Marks the static method that reads data sets of datasets.yaml, from a <see cref="DataResolution"/> to a <see cref="DataSet"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadsAttribute(params string[] ids) : Attribute
{
    public IReadOnlyList<string> Ids => ids;
}

/// <summary>The readers of all data sets by id, found by their <see cref="ReadsAttribute"/>: a new data set brings its own.</summary>
public static class DataReaders
{
    static readonly Lazy<Dictionary<string, MethodInfo>> Readers = new(() => In(typeof(DataReaders).Assembly.GetTypes()));
    public static IEnumerable<string> Ids => Readers.Value.Keys;

    /// <summary>The kind of data set that the reader of an id yields; null when nothing reads it.</summary>
    public static Type? KindOf(string id) => Readers.Value.GetValueOrDefault(id)?.ReturnType;

    /// <summary>The reader of an id; null when there is none or when it yields another kind.</summary>
    public static Func<DataResolution, T>? Find<T>(string id) where T : DataSet =>
        KindOf(id) == typeof(T) ? Readers.Value[id].CreateDelegate<Func<DataResolution, T>>() : null;

    internal static Dictionary<string, MethodInfo> In(IEnumerable<Type> types)
    {
        var readers = new Dictionary<string, MethodInfo>();
        foreach (var method in types.SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)))
        {
            foreach (var id in method.GetCustomAttribute<ReadsAttribute>()?.Ids ?? [])
            {
                if (!readers.TryAdd(id, method))
                    throw new InvalidOperationException(
                        $"Data set '{id}' has two readers, {Name(readers[id])} and {Name(method)}, expected one. Remove one [Reads].");
            }
        }
        return readers;
    }

    static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";
}
