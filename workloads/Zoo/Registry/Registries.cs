namespace MlPerfEdu.Zoo;

/// <summary>The models of models.yaml.</summary>
public sealed class ModelZoo
{
    readonly Dictionary<string, Model> models;
    ModelZoo(IEnumerable<Model> models) => this.models = models.ToDictionary(model => model.Id);

    /// <summary>The models.yaml that this assembly was built with.</summary>
    public static ModelZoo BuiltIn { get; } = new(RegistryFile.OfModels.BuiltIn(typeof(ModelZoo).Assembly, "models.yaml"));

    public IReadOnlyCollection<Model> Models => models.Values;

    /// <exception cref="ZooException">When there is none.</exception>
    public Model this[string id] => models.GetValueOrDefault(id) ?? throw ZooErrors.UnknownModel(id, models.Keys);

    public static ModelZoo Parse(string text, string file) => new(RegistryFile.OfModels.Parse(text, file));
}

/// <summary>The devices of silicon.yaml.</summary>
public sealed class SiliconZoo
{
    /// <summary>No entry: the machine that predicts, from its measured peaks.</summary>
    public const string ThisMachine = "this-machine";

    readonly Dictionary<string, Device> devices;
    SiliconZoo(IEnumerable<Device> devices) => this.devices = devices.ToDictionary(device => device.Id);

    /// <summary>The silicon.yaml that this assembly was built with.</summary>
    public static SiliconZoo BuiltIn { get; } = new(RegistryFile.OfDevices.BuiltIn(typeof(SiliconZoo).Assembly, "silicon.yaml"));

    public IReadOnlyCollection<Device> Devices => devices.Values;

    /// <exception cref="ZooException">When there is none.</exception>
    public Device this[string id] => devices.GetValueOrDefault(id) ?? throw ZooErrors.UnknownDevice(id, devices.Keys);

    public static SiliconZoo Parse(string text, string file) => new(RegistryFile.OfDevices.Parse(text, file));
}

/// <summary>Reads registries that need not be those this assembly was built with.</summary>
public static class RegistryFile
{
    internal static EntryFile<Model> OfModels { get; } = new(ZooCodes.Registry, "models", ModelReader.Read);
    internal static EntryFile<Device> OfDevices { get; } = new(ZooCodes.Registry, "devices", DeviceReader.Read);

    public static IReadOnlyList<Model> Models(string path) => OfModels.Read(path);

    public static IReadOnlyList<Device> Devices(string path) => OfDevices.Read(path);
}
