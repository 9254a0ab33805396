using System.Reflection;

namespace MlPerfEdu.Zoo;

/// <summary>The registries that this assembly was built with.</summary>
static class BuiltInFile
{
    public static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
