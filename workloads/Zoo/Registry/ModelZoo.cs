using MlPerfEdu.Data;

namespace MlPerfEdu.Zoo;

/// <summary>The models of models.yaml.</summary>
public sealed class ModelZoo
{
    readonly Dictionary<string, Model> _models;

    ModelZoo(IEnumerable<Model> models) => _models = models.ToDictionary(model => model.Id);

    /// <summary>The models.yaml that this assembly was built with.</summary>
    public static ModelZoo BuiltIn { get; } = Parse(BuiltInFile.Text("models.yaml"), "models.yaml");

    public IReadOnlyCollection<Model> Models => _models.Values;

    /// <exception cref="ZooException">When there is none.</exception>
    public Model this[string id] => _models.GetValueOrDefault(id) ?? throw ZooErrors.UnknownModel(id, _models.Keys);

    /// <exception cref="CatalogException">With every mistake of the file.</exception>
    public static ModelZoo Parse(string text, string file) => new(RegistryFile.Models(text, file));
}
