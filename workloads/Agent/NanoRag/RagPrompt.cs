namespace MlPerfEdu.Workloads.Agent.NanoRag;

/// <summary>What the models read and write: the encoder a passage or a question, the decoder the nearest passage and the question, after which it answers.</summary>
/// <param name="Passage">Most tokens of a passage for the decoder, with its mark.</param>
/// <param name="Question">Most tokens of a question for the decoder, with its mark.</param>
/// <param name="Answer">Most tokens that are written, with the end.</param>
public sealed record RagPrompt(int Passage, int Question, int Answer)
{
    public static RagPrompt From(Geometry sizes) => new(sizes.Int("passage"), sizes.Int("question"), sizes.Int("written"));

    /// <summary>Most tokens of a passage, of so many questions about it, and of their answers.</summary>
    public int TextLength(int questions) => Passage + questions * (Question + 1 + Answer);

    /// <summary>For the encoder.</summary>
    public static int[] PassageOf(WordVocabulary vocabulary, string text) => [WordVocabulary.Passage, .. vocabulary.Tokens(text)];

    /// <summary>For the encoder.</summary>
    public static int[] QuestionOf(WordVocabulary vocabulary, string text) => [WordVocabulary.Question, .. vocabulary.Tokens(text)];

    /// <summary>For the decoder. What is too long is cut.</summary>
    public int[] Of(WordVocabulary vocabulary, string passage, string question) => [.. Read(vocabulary, passage), .. Asked(vocabulary, question)];

    internal IEnumerable<int> Read(WordVocabulary vocabulary, string passage) => PassageOf(vocabulary, passage).Take(Passage);

    internal IEnumerable<int> Asked(WordVocabulary vocabulary, string question) =>
        QuestionOf(vocabulary, question).Take(Question).Append(WordVocabulary.Answer);

    /// <summary>What the decoder writes.</summary>
    public static int[] Written(WordVocabulary vocabulary, string answer) => [.. vocabulary.Tokens(answer), WordVocabulary.End];
}
