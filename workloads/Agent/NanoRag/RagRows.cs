using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Agent.NanoRag;

/// <summary>How a training row lies in one tensor: a few passages with a question for each, and the same passages as a text with answers.</summary>
/// <param name="Group">Passages of a row.</param>
/// <param name="Text">Most tokens of a text for the encoder.</param>
/// <param name="Context">Most tokens of a text for the decoder.</param>
public sealed record RagRowShape(int Group, int Text, int Context)
{
    public int Width => Group + 2 * Group * Text + 2 * Context;

    // [B, width] → [B·group]: which passages they are
    public Tensor Ids(Tensor rows) => rows.narrow(1, 0, Group).flatten();

    // [B·group, text]
    public Tensor Questions(Tensor rows) => rows.narrow(1, Group, Group * Text).reshape(-1, Text);

    // [B·group, text]
    public Tensor Passages(Tensor rows) => rows.narrow(1, Group + Group * Text, Group * Text).reshape(-1, Text);

    /// <returns>What the decoder reads, and after each token what it must write, [B, T] each; no longer than the longest of the batch.</returns>
    public (Tensor Tokens, Tensor Targets) Texts(Tensor rows)
    {
        var start = Width - 2 * Context;
        var tokens = rows.narrow(1, start, Context);
        var longest = tokens.ne(WordVocabulary.Padding).sum(1).max().item<long>();
        return (tokens.narrow(1, 0, longest).contiguous(), rows.narrow(1, start + Context, longest).contiguous());
    }
}

/// <summary>Training rows: each passage with those that share most words with its first question, which the encoder must tell from it.</summary>
sealed class RagRows(WordVocabulary vocabulary, RagRowShape shape)
{
    // The passage asked about comes first this often, as it does when retrieval works.
    const double First = 0.7;
    const ulong OrderSeed = 1;

    // [passages, width]
    public Tensor Of(PassageSplit split)
    {
        var bm25 = new Bm25([.. split.Passages.Select(passage => passage.Text)]);
        var asked = split.Questions.ToLookup(question => question.Source);
        var rows = new long[split.Passages.Count * shape.Width];
        Parallel.For(0, split.Passages.Count, i =>
        {
            var random = Xoshiro.ForSample(OrderSeed, 0, i);
            PassageQuestion[] questions = [.. asked[i]];
            int[] others = [.. bm25.Best(questions[0].Text, shape.Group).Where(passage => passage != i).Take(shape.Group - 1)];
            var row = rows.AsSpan(i * shape.Width, shape.Width);
            Fill(row, [i, .. others], split, passage => asked[passage].First());
            FillText(row[^(2 * shape.Context)..], Mixed(i, others, ref random), questions, split);
        });
        return tensor(rows, split.Passages.Count, shape.Width);
    }

    void Fill(Span<long> row, int[] group, PassageSplit split, Func<int, PassageQuestion> questionOf)
    {
        for (var member = 0; member < group.Length; member++)
        {
            row[member] = group[member];
            Put(row.Slice(shape.Group + member * shape.Text, shape.Text), RagTexts.Question(vocabulary, questionOf(group[member]).Text));
            Put(row.Slice(shape.Group + (shape.Group + member) * shape.Text, shape.Text),
                RagTexts.Passage(vocabulary, split.Passages[group[member]].Text));
        }
    }

    void FillText(Span<long> row, IEnumerable<int> group, PassageQuestion[] questions, PassageSplit split)
    {
        var tokens = row[..shape.Context];
        var targets = row[shape.Context..];
        var text = new List<int>(group.SelectMany(passage => RagTexts.Passage(vocabulary, split.Passages[passage].Text)));
        foreach (var question in questions)
        {
            text.AddRange(RagTexts.Asked(vocabulary, question.Text));
            int[] answer = [.. vocabulary.Tokens(question.Answer), WordVocabulary.End];
            // Each token of the answer is the target of the one before it: nothing else is learnt.
            for (var i = 0; i < answer.Length; i++) targets[text.Count - 1 + i] = answer[i];
            text.AddRange(answer);
        }
        if (text.Count > shape.Context)
            throw new InvalidOperationException($"A text of {text.Count} tokens to train on; room for {shape.Context}. Raise geometry.window.");
        Put(tokens, text);
    }

    static int[] Mixed(int source, int[] others, ref Xoshiro random)
    {
        var place = random.Chance(First) ? 0 : 1 + random.Below(others.Length);
        return [.. others[..place], source, .. others[place..]];
    }

    static void Put(Span<long> row, IReadOnlyList<int> tokens)
    {
        for (var i = 0; i < Math.Min(row.Length, tokens.Count); i++) row[i] = tokens[i];
    }
}

/// <summary>What the models read of passages and questions.</summary>
static class RagTexts
{
    public static int[] Passage(WordVocabulary vocabulary, string text) => [WordVocabulary.Passage, .. vocabulary.Tokens(text)];

    public static int[] Question(WordVocabulary vocabulary, string text) => [WordVocabulary.Question, .. vocabulary.Tokens(text)];

    /// <summary>A question for the decoder: what follows is its answer.</summary>
    public static int[] Asked(WordVocabulary vocabulary, string text) => [.. Question(vocabulary, text), WordVocabulary.Answer];

    /// <summary>Passages, best first, and the question.</summary>
    public static int[] Prompt(WordVocabulary vocabulary, IEnumerable<string> passages, string question) =>
        [.. passages.SelectMany(text => Passage(vocabulary, text)), .. Asked(vocabulary, question)];
}
