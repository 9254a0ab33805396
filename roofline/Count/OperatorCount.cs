namespace MlPerfEdu.Roofline.Count;

/// <summary>An operator that a recorder must see: how often, and what all those calls compute together.</summary>
public sealed record OperatorCount(OperatorKey Key, long Calls, long Flops);
