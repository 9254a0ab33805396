using MlPerfEdu.Workloads.Cloud.Gpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Agent.NanoRag;

/// <summary>A trained model over a store of passages: it finds some for each question and writes answers from them, several at once.</summary>
public sealed class RagAnswerer : IDisposable
{
    /// <summary>Passages that a question gets.</summary>
    public const int Found = 3;

    /// <summary>Most tokens of an answer.</summary>
    public const int LongestAnswer = 8;

    // Answers that are written at once.
    const int Together = 8;

    readonly WordVocabulary vocabulary;
    readonly IReadOnlyList<string> passages;
    readonly TextEmbedder embedder;
    readonly PassageStore store;
    readonly CachedGpt gpt;
    readonly BatchedDecoder decoder;

    /// <param name="window">Most tokens of a prompt and its answer.</param>
    public RagAnswerer(NanoRagModel model, WordVocabulary vocabulary, IReadOnlyList<string> passages, int window)
    {
        (this.vocabulary, this.passages) = (vocabulary, passages);
        embedder = new TextEmbedder(model.Encoder, vocabulary, model.Decoder.Geometry.Width);
        store = new PassageStore([.. passages.Select(embedder.Passage)], embedder.Width);
        gpt = new CachedGpt(model.Decoder, get_num_threads(), Together);
        decoder = new BatchedDecoder(gpt, window);
    }

    /// <summary>The nearest passages, nearest first.</summary>
    public int[] Retrieve(string question) => store.Nearest(embedder.Question(question), Found);

    /// <summary>Whether a passage, read by itself, has the vector that it has in the store, bit for bit.</summary>
    public bool IsVectorOf(int passage) => store.Vector(passage).SequenceEqual(embedder.Passage(passages[passage]));

    public int[] Prompt(string question, IEnumerable<int> found) =>
        RagTexts.Prompt(vocabulary, found.Select(passage => passages[passage]), question);

    /// <summary>Asks for an answer, which the next steps write.</summary>
    /// <param name="tokenReady">Called with each of its tokens as soon as it is known.</param>
    public void Ask(long id, int[] prompt, Action<int>? tokenReady, Action<string> answered) =>
        decoder.Submit(new DecodingRequest(id, prompt, LongestAnswer)
        {
            Stop = WordVocabulary.End,
            TokenReady = tokenReady,
            Answered = answer => answered(vocabulary.Text(answer.Tokens)),
        });

    /// <summary>Gives every open answer its next token.</summary>
    /// <returns>Whether any is left.</returns>
    public bool Step() => decoder.Step();

    /// <summary>Writes one answer, with no other beside it.</summary>
    public string Answer(int[] prompt, Action<int>? tokenReady = null)
    {
        var text = "";
        Ask(0, prompt, tokenReady, answer => text = answer);
        while (Step())
        {
        }
        return text;
    }

    public void Dispose()
    {
        decoder.Dispose();
        gpt.Dispose();
    }
}
