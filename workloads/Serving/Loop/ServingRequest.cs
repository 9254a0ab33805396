namespace MlPerfEdu.Serving.Loop;

/// <param name="Prompt">At least one token.</param>
/// <param name="Wanted">Tokens at most.</param>
sealed record ServingRequest(long Id, IReadOnlyList<int> Prompt, int Wanted);
