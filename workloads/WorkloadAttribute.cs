namespace MlPerfEdu.Workloads;

/// <summary>Marks the class that implements the entry of workloads.yaml with this id.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WorkloadAttribute(string id) : Attribute
{
    public string Id { get; } = id;
}
