using MlPerfEdu.Data;

namespace MlPerfEdu.Zoo;

/// <summary>Reads registries that need not be those this assembly was built with.</summary>
public static class RegistryFile
{
    /// <exception cref="CatalogException">With every mistake of the file.</exception>
    public static IReadOnlyList<Model> Models(string text, string file) => EntryReader.Read(text, file, "models", ModelReader.Read);

    /// <exception cref="CatalogException">With every mistake of the file.</exception>
    public static IReadOnlyList<Device> Devices(string text, string file) => EntryReader.Read(text, file, "devices", DeviceReader.Read);
}
