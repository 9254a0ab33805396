namespace MlPerfEdu.Serving;

/// <summary>Marks the class that offers the rows of the module of serving.yaml with this id.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class KernelsAttribute(string module) : Attribute
{
    public string Module { get; } = module;
}
