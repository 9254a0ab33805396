namespace MlPerfEdu.Workloads.Agent.NanoRag;

/// <summary>
/// What the models read and write. A prompt has a place of fixed length for each passage and for the question, so that a word of the first passage is always
/// as far from its copy in the evidence: a head that has found it once finds it everywhere.
/// </summary>
/// <param name="Passage">Tokens of a passage, with its mark.</param>
/// <param name="Question">Tokens of a question, with its mark.</param>
/// <param name="Answer">Most tokens that are written: evidence and answer.</param>
public sealed record RagPrompt(int Passage, int Question, int Answer)
{
    public static RagPrompt From(Geometry sizes) => new(sizes.Int("passage"), sizes.Int("question"), sizes.Int("written"));

    /// <summary>Tokens of a prompt; the last one asks for the evidence.</summary>
    public int Length => RagAnswerer.Found * Passage + Question + 1;

    /// <summary>Tokens of a prompt and what is written after it, and of so many questions more about the same passages.</summary>
    public int TextLength(int questions) => RagAnswerer.Found * Passage + questions * (Question + 1 + Answer);

    /// <summary>For the encoder.</summary>
    public static int[] PassageOf(WordVocabulary vocabulary, string text) => [WordVocabulary.Passage, .. vocabulary.Tokens(text)];

    /// <summary>For the encoder.</summary>
    public static int[] QuestionOf(WordVocabulary vocabulary, string text) => [WordVocabulary.Question, .. vocabulary.Tokens(text)];

    /// <param name="passages">Best first, each as far as there is room.</param>
    public int[] Of(WordVocabulary vocabulary, IEnumerable<string> passages, string question) =>
        [.. Passages(vocabulary, passages), .. Asked(vocabulary, question)];

    internal int[] Passages(WordVocabulary vocabulary, IEnumerable<string> passages)
    {
        var tokens = new int[RagAnswerer.Found * Passage];
        foreach (var (place, passage) in passages.Take(RagAnswerer.Found).Index())
            Put(PassageOf(vocabulary, passage), tokens.AsSpan(place * Passage, Passage));
        return tokens;
    }

    internal int[] Asked(WordVocabulary vocabulary, string question)
    {
        var tokens = new int[Question + 1];
        Put(QuestionOf(vocabulary, question), tokens.AsSpan(0, Question));
        tokens[^1] = WordVocabulary.Evidence;
        return tokens;
    }

    static void Put(int[] tokens, Span<int> place) => tokens.AsSpan(0, Math.Min(tokens.Length, place.Length)).CopyTo(place);

    /// <summary>What the decoder writes: the passage that has the answer, word for word, and the answer.</summary>
    public static int[] Written(WordVocabulary vocabulary, string evidence, string answer) =>
        [.. vocabulary.Tokens(evidence), WordVocabulary.Answer, .. vocabulary.Tokens(answer), WordVocabulary.End];

    /// <summary>The evidence and the answer of what was written; without an answer if it has none.</summary>
    public static (string Evidence, string Answer) Read(WordVocabulary vocabulary, IReadOnlyList<int> written) => (
        vocabulary.Text(written.TakeWhile(token => token != WordVocabulary.Answer)),
        vocabulary.Text(written.SkipWhile(token => token != WordVocabulary.Answer).TakeWhile(token => token != WordVocabulary.End)));
}
