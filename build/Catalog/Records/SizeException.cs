namespace MlPerfEdu.Generator;

/// <summary>A size in workloads.yaml is not what its model needs; the message has its place.</summary>
public sealed class SizeException(string message) : Exception(message)
{
    public string Code { get; } = "MLP0053";
}
