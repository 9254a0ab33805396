namespace MlPerfEdu.Generator;

/// <summary>A class marked <c>[Workload("id")]</c> in a compiled assembly.</summary>
public sealed record Implementation(string Id, string TypeName);
