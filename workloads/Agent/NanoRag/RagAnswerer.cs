using MlPerfEdu.Workloads.Cloud.Gpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Agent.NanoRag;

/// <summary>A trained model over a store of passages: it finds some for a question and writes an answer from them.</summary>
public sealed class RagAnswerer : IDisposable
{
    /// <summary>Passages that a question gets.</summary>
    public const int Found = 3;

    /// <summary>Most tokens of an answer, with its end.</summary>
    public const int LongestAnswer = 8;

    readonly WordVocabulary vocabulary;
    readonly IReadOnlyList<string> passages;
    readonly TextEmbedder embedder;
    readonly PassageStore store;
    readonly CachedGpt gpt;
    readonly KeyValueCache cache;

    public RagAnswerer(NanoRagModel model, WordVocabulary vocabulary, IReadOnlyList<string> passages)
    {
        (this.vocabulary, this.passages) = (vocabulary, passages);
        embedder = new TextEmbedder(model.Encoder, vocabulary, model.Decoder.Geometry.Width);
        store = new PassageStore([.. passages.Select(embedder.Passage)], embedder.Width);
        gpt = new CachedGpt(model.Decoder, get_num_threads(), mostRows: 1);
        cache = gpt.NewCache(model.Decoder.Geometry.Context);
    }

    /// <summary>The nearest passages, nearest first.</summary>
    public int[] Retrieve(string question) => store.Nearest(embedder.Question(question), Found);

    /// <summary>Whether a passage, read by itself, has the vector that it has in the store, bit for bit.</summary>
    public bool IsVectorOf(int passage) => store.Vector(passage).SequenceEqual(embedder.Passage(passages[passage]));

    public int[] Prompt(string question, IEnumerable<int> found) =>
        RagTexts.Prompt(vocabulary, found.Select(passage => passages[passage]), question);

    /// <summary>The tokens of an answer, its end among them, unless there is no room for it.</summary>
    /// <param name="chosen">Called with each of them as soon as it is known.</param>
    public void Generate(int[] prompt, Action<int> chosen)
    {
        cache.Truncate(0);
        var token = Logits.Greedy(gpt.Prefill(cache, prompt));
        chosen(token);
        for (var written = 1; token != WordVocabulary.End && written < LongestAnswer; written++)
        {
            token = Logits.Greedy(gpt.Append(cache, token));
            chosen(token);
        }
    }

    public string Text(IEnumerable<int> tokens) => vocabulary.Text(tokens.TakeWhile(token => token != WordVocabulary.End));

    public void Dispose()
    {
        gpt.Dispose();
        cache.Dispose();
    }
}
