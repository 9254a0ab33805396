using MlPerfEdu.Workloads.Cloud.Gpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Agent.NanoRag;

/// <summary>A trained model over a store of passages: it finds some for each question and writes answers from them, several at once.</summary>
public sealed class RagAnswerer : IDisposable
{
    /// <summary>Passages that a question gets.</summary>
    public const int Found = 3;

    // Answers that are written at once.
    const int Together = 8;

    readonly WordVocabulary vocabulary;
    readonly IReadOnlyList<string> passages;
    readonly RagPrompt prompts;
    readonly TextEmbedder embedder;
    readonly PassageStore store;
    readonly CachedGpt gpt;
    readonly BatchedDecoder decoder;

    public RagAnswerer(NanoRagModel model, WordVocabulary vocabulary, IReadOnlyList<string> passages)
    {
        (this.vocabulary, this.passages, prompts) = (vocabulary, passages, model.Prompt);
        embedder = new TextEmbedder(model.Encoder, vocabulary, model.Decoder.Geometry.Width);
        store = new PassageStore([.. passages.Select(embedder.Passage)], embedder.Width);
        gpt = new CachedGpt(model.Decoder, get_num_threads(), Together);
        decoder = new BatchedDecoder(gpt, prompts.TextLength(questions: 1));
    }

    /// <summary>The nearest passages, nearest first.</summary>
    public int[] Retrieve(string question) => store.Nearest(embedder.Question(question), Found);

    /// <summary>Whether a passage, read by itself, has the vector that it has in the store, bit for bit.</summary>
    public bool IsVectorOf(int passage) => store.Vector(passage).SequenceEqual(embedder.Passage(passages[passage]));

    /// <param name="passage">The nearest one: only that is read.</param>
    public int[] Prompt(string question, int passage) => prompts.Of(vocabulary, passages[passage], question);

    /// <summary>Asks for an answer, which the next steps write.</summary>
    /// <param name="tokenReady">Called with each of its tokens as soon as it is known.</param>
    public void Ask(long id, int[] prompt, Action? tokenReady, Action<RagAnswer> answered) =>
        decoder.Submit(new DecodingRequest(id, prompt, prompts.Answer)
        {
            Stop = WordVocabulary.End,
            TokenReady = _ => tokenReady?.Invoke(),
            Answered = answer => answered(new(vocabulary.Text(answer.Tokens), answer.Tokens)),
        });

    /// <summary>Gives every open answer its next token.</summary>
    /// <returns>Whether any is left.</returns>
    public bool Step() => decoder.Step();

    /// <summary>Writes one answer, with no other beside it.</summary>
    public RagAnswer Answer(int[] prompt, Action? tokenReady = null)
    {
        RagAnswer? written = null;
        Ask(0, prompt, tokenReady, answer => written = answer);
        while (written is null) Step();
        return written;
    }

    public void Dispose()
    {
        decoder.Dispose();
        gpt.Dispose();
    }
}

/// <param name="Written">Its tokens, without the end.</param>
public sealed record RagAnswer(string Text, IReadOnlyList<int> Written);
