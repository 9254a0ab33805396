using System.Diagnostics;
using MlPerfEdu.Serving.Grammar;
using MlPerfEdu.Workloads.Cloud.Gpt;

namespace MlPerfEdu.Workloads.Agent.Answering;

/// <summary>What the model is asked: to go on from these tokens.</summary>
/// <param name="MostTokens">Of the answer.</param>
/// <param name="Stop">Ends the answer, of which it is no part.</param>
public sealed record Ask(IReadOnlyList<int> Prompt, int MostTokens, int Stop)
{
    public GrammarCache? Grammar { get; init; }
}

/// <summary>A conversation with the model about one task.</summary>
public interface IDialogue
{
    Ask First { get; }

    /// <summary>Takes an answer.</summary>
    /// <returns>What the model is asked next; null at the end.</returns>
    Ask? Next(IReadOnlyList<int> answer);
}

/// <summary>A question and one answer.</summary>
public sealed class SingleAnswer(IReadOnlyList<int> prompt, int mostTokens, int stop) : IDialogue
{
    public Ask First => new(prompt, mostTokens, stop);

    public IReadOnlyList<int> Answer { get; private set; } = [];

    public Ask? Next(IReadOnlyList<int> answer)
    {
        Answer = answer;
        return null;
    }
}

/// <summary>Any number of dialogues at once over one running batch: who has to wait for a tool lets the others go on.</summary>
public sealed class Dialogues(CachedGpt gpt, int mostTokens) : IDisposable
{
    // Begun together: a few more than a step takes, since each that has begun may hold a grammar.
    const int AtOnce = 32;

    readonly BatchedDecoder decoder = new(gpt, mostTokens);
    long asked;

    public int Open => decoder.Open;

    public int CachesInUse => decoder.CachesInUse;

    /// <summary>The model's answers so far, and the seconds that each took from its question.</summary>
    public List<double> Seconds { get; } = [];

    /// <param name="tokenReady">Called with each token of each answer.</param>
    /// <param name="ended">Called once, at the end of the dialogue.</param>
    public void Begin(IDialogue dialogue, Action<int>? tokenReady = null, Action? ended = null) => Submit(dialogue, dialogue.First, tokenReady, ended);

    void Submit(IDialogue dialogue, Ask ask, Action<int>? tokenReady, Action? ended)
    {
        var began = Stopwatch.GetTimestamp();
        decoder.Submit(new DecodingRequest(asked++, ask.Prompt, ask.MostTokens)
        {
            Stop = ask.Stop,
            Grammar = ask.Grammar,
            TokenReady = tokenReady,
            Answered = answer =>
            {
                Seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                if (dialogue.Next(answer.Tokens) is { } next) Submit(dialogue, next, tokenReady, ended);
                else ended?.Invoke();
            },
        });
    }

    public void Step() => decoder.Step();

    /// <summary>Has all of them, and returns when the last has ended.</summary>
    public void Finish(IReadOnlyList<IDialogue> all, Action<int> progress, CancellationToken stop)
    {
        var (begun, ended) = (0, 0);
        while (begun < all.Count || Open > 0)
        {
            stop.ThrowIfCancellationRequested();
            while (begun < all.Count && Open < AtOnce) Begin(all[begun++], ended: () => progress(++ended));
            Step();
        }
    }

    public void Dispose() => decoder.Dispose();
}
