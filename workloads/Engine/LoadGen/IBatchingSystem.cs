namespace MlPerfEdu.Engine.LoadGen;

/// <summary>What is put under load: it answers samples, several at once if it can. One thread calls it.</summary>
public interface IBatchingSystem
{
    /// <summary>Takes a sample; it is answered during later steps.</summary>
    /// <param name="tokenReady">Called when a token is ready; once, at the end, by a system whose answers have none.</param>
    /// <param name="answered">Called once, after the last token.</param>
    void Submit(int sample, Action tokenReady, Action answered);

    /// <summary>Works for a moment on what was submitted; in between, more may come.</summary>
    void Step();
}

/// <summary>A system whose answers can be scored by others.</summary>
public interface ITellsAnswers
{
    /// <summary>The bytes of the answer that was given last.</summary>
    byte[] LastAnswer { get; }
}

/// <summary>A system that answers one sample after another.</summary>
public interface IQuerySystem
{
    /// <summary>How many different samples it knows.</summary>
    int Samples { get; }

    /// <summary>Answers one sample.</summary>
    /// <param name="tokenReady">Called when a token is ready; once, at the end, by a system whose answers have none.</param>
    void Answer(int sample, Action tokenReady);
}

/// <summary>Such a system under load: who comes while it answers waits in a line.</summary>
public sealed class OneByOne(IQuerySystem system) : IBatchingSystem
{
    readonly Queue<(int Sample, Action TokenReady, Action Answered)> line = new();

    public void Submit(int sample, Action tokenReady, Action answered) => line.Enqueue((sample, tokenReady, answered));

    public void Step()
    {
        if (!line.TryDequeue(out var next))
            return;
        system.Answer(next.Sample, next.TokenReady);
        next.Answered();
    }
}
