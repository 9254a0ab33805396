namespace MlPerfEdu.Serving.Loop;

/// <summary>A token that goes through a model behind those that its sequence has.</summary>
readonly record struct NextToken(long Sequence, int Token);
