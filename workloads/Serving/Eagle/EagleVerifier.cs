using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Eagle;

/// <summary>What the target keeps of a draft, and its own token after it.</summary>
public readonly record struct Verdict(int Accepted, int Next);

/// <summary>Holds a draft against the tokens of the target, so that the output is that of the target alone.</summary>
public sealed class EagleVerifier(int hidden, int vocabulary, ReadOnlySpan<float> head)
{
    readonly VocabularyHead _head = new(vocabulary, hidden, head);

    /// <param name="states">(tokens + 1, hidden): of the target before each drafted token, and after the last.</param>
    public Verdict Verify(ReadOnlySpan<int> tokens, ReadOnlySpan<float> states)
    {
        Guard.NotEmpty(tokens.Length, "drafted tokens");
        Guard.Length(states.Length, (tokens.Length + 1) * hidden, "the states of the target");
        for (var accepted = 0; ; accepted++)
        {
            var next = _head.Argmax(states.Slice(accepted * hidden, hidden));
            if (accepted == tokens.Length || tokens[accepted] != next)
                return new(accepted, next);
        }
    }
}
