using MlPerfEdu.Workloads.Agent.NanoAgentTrain;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Agent.NanoRag;

/// <summary>How a training row lies in one tensor: a group of passages with a question for each, and the first of them as a text with answers.</summary>
/// <param name="Group">Passages of a row.</param>
/// <param name="Text">Most tokens of a text for the encoder.</param>
/// <param name="Prompt">Of the decoder.</param>
/// <param name="RowsPerText">The decoder reads the text of one row in so many: the encoder needs more passages to tell apart than the decoder texts.</param>
public sealed record RagRowShape(int Group, int Text, RagPrompt Prompt, int RowsPerText)
{
    public static RagRowShape From(Geometry sizes) => new(sizes.Int("group"), sizes.Int("text"), RagPrompt.From(sizes), sizes.Int("rows_per_text"));

    /// <summary>Most tokens of the decoder's text: a passage, and each question about it with its answer.</summary>
    public int Context => Prompt.TextLength(SyntheticPassages.QuestionsPerTrained);

    public int Width => Group + 2 * Group * Text + 2 * Context;

    // [B, width] → [B·group]: which passages they are
    public Tensor Ids(Tensor rows) => rows.narrow(1, 0, Group).flatten();

    // [B·group, text]
    public Tensor Questions(Tensor rows) => rows.narrow(1, Group, Group * Text).reshape(-1, Text);

    // [B·group, text]
    public Tensor Passages(Tensor rows) => rows.narrow(1, Group + Group * Text, Group * Text).reshape(-1, Text);

    /// <returns>What the decoder reads, and below it what it must write after each token, [texts, 2, T].</returns>
    public Tensor Texts(Tensor rows) =>
        rows.narrow(0, 0, (rows.shape[0] + RowsPerText - 1) / RowsPerText).narrow(1, Width - 2 * Context, 2 * Context).reshape(-1, 2, Context);
}

/// <summary>Training rows: each passage with others about the same thing, which only the other concepts tell from it.</summary>
sealed class RagRows(WordVocabulary vocabulary, RagRowShape shape)
{
    const ulong OrderSeed = 1;

    // [passages, width]
    public Tensor Of(PassageSplit split)
    {
        var asked = split.Questions.ToLookup(question => question.Source);
        var alike = Enumerable.Range(0, split.Passages.Count).ToLookup(passage => ThingOf(split.Passages[passage]));
        var rows = new long[split.Passages.Count * shape.Width];
        Parallel.For(0, split.Passages.Count, i =>
        {
            var random = Xoshiro.ForSample(OrderSeed, 0, i);
            int[] group = [i, .. Others(i, [.. alike[ThingOf(split.Passages[i])]], ref random)];
            var row = rows.AsSpan(i * shape.Width, shape.Width);
            Fill(row, group, split, passage => asked[passage].First());
            FillText(row[^(2 * shape.Context)..], split.Passages[i], asked[i]);
        });
        return tensor(rows, split.Passages.Count, shape.Width);
    }

    static string ThingOf(Passage passage) => passage.Structure.Split('-')[PassageWords.Thing];

    int[] Others(int passage, int[] alike, ref Xoshiro random)
    {
        if (alike.Length < shape.Group)
            throw new InvalidOperationException($"{alike.Length} passages about one thing; a row has {shape.Group}. Lower geometry.group.");
        var others = new HashSet<int>();
        while (others.Count < shape.Group - 1)
        {
            var other = alike[random.Below(alike.Length)];
            if (other != passage) others.Add(other);
        }
        return [.. others];
    }

    void Fill(Span<long> row, int[] group, PassageSplit split, Func<int, PassageQuestion> questionOf)
    {
        for (var member = 0; member < group.Length; member++)
        {
            row[member] = group[member];
            Put(row.Slice(shape.Group + member * shape.Text, shape.Text), RagPrompt.QuestionOf(vocabulary, questionOf(group[member]).Text));
            Put(row.Slice(shape.Group + (shape.Group + member) * shape.Text, shape.Text),
                RagPrompt.PassageOf(vocabulary, split.Passages[group[member]].Text));
        }
    }

    // The passage once, and all that is asked about it.
    void FillText(Span<long> row, Passage passage, IEnumerable<PassageQuestion> questions)
    {
        row.Fill(Conversations.Nothing);
        var targets = row[shape.Context..];
        List<int> text = [.. shape.Prompt.Read(vocabulary, passage.Text)];
        foreach (var question in questions)
        {
            text.AddRange(shape.Prompt.Asked(vocabulary, question.Text));
            var written = RagPrompt.Written(vocabulary, question.Answer);
            if (written.Length > shape.Prompt.Answer)
                throw new InvalidOperationException($"An answer of {written.Length} tokens; room for {shape.Prompt.Answer}. Raise geometry.written.");
            // Each token that is written is the target of the one before it: nothing else is learnt.
            Put(targets[(text.Count - 1)..], written);
            text.AddRange(written);
        }
        Put(row[..shape.Context], [.. text]);
    }

    static void Put(Span<long> row, int[] tokens)
    {
        if (tokens.Length > row.Length)
            throw new InvalidOperationException($"A text of {tokens.Length} tokens to train on; room for {row.Length}. Raise geometry.text.");
        for (var i = 0; i < tokens.Length; i++) row[i] = tokens[i];
    }
}
