using MlPerfEdu.Data;

namespace MlPerfEdu.Zoo;

/// <summary>The devices of silicon.yaml.</summary>
public sealed class SiliconZoo
{
    readonly Dictionary<string, Device> _devices;

    SiliconZoo(IEnumerable<Device> devices) => _devices = devices.ToDictionary(device => device.Id);

    /// <summary>The silicon.yaml that this assembly was built with.</summary>
    public static SiliconZoo BuiltIn { get; } = Parse(BuiltInFile.Text("silicon.yaml"), "silicon.yaml");

    public IReadOnlyCollection<Device> Devices => _devices.Values;

    /// <exception cref="ZooException">When there is none.</exception>
    public Device this[string id] => _devices.GetValueOrDefault(id) ?? throw ZooErrors.UnknownDevice(id, _devices.Keys);

    /// <exception cref="CatalogException">With every mistake of the file.</exception>
    public static SiliconZoo Parse(string text, string file) => new(RegistryFile.Devices(text, file));
}
