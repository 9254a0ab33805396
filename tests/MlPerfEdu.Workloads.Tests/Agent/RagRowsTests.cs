using MlPerfEdu.Data;
using MlPerfEdu.Workloads.Agent;
using MlPerfEdu.Workloads.Agent.NanoRag;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Agent;

public class RagRowsTests
{
    static readonly RagPrompt Prompt = new(Passage: 36, Question: 36, Answer: 40);
    static readonly RagRowShape Shape = new(Group: 4, 48, Prompt, RowsPerText: 1);
    static readonly PassageSplit Split = SyntheticPassages.Generate(new GeneratorSettings("test", 3, 300, 1)).Train;

    static readonly WordVocabulary Known = new(
        Split.Passages.Select(passage => passage.Text).Concat(Split.Questions.Select(question => question.Text)), 2304);

    static readonly long[][] Rows = [.. new RagRows(Known, Shape).Of(Split).data<long>().ToArray().Chunk(Shape.Width)];

    [Fact]
    public void Each_question_of_a_row_stands_at_the_place_of_its_passage()
    {
        foreach (var (index, row) in Rows.Index())
        {
            Assert.Equal(index, row[0]);
            Assert.Equal(4, row.Take(4).Distinct().Count());
            Assert.Single(row.Take(4).Select(passage => Split.Passages[(int)passage].Structure.Split('-')[0]).Distinct());
            for (var member = 0; member < 4; member++)
            {
                var passage = (int)row[member];
                var question = Split.Questions.First(one => one.Source == passage);
                Assert.Equal(question.Text, Text(row.AsSpan(4 + member * 48, 48)));
                Assert.Equal(Split.Passages[passage].Text, Text(row.AsSpan(4 + (4 + member) * 48, 48)));
            }
        }
    }

    [Fact]
    public void Only_evidence_and_answer_are_to_be_written()
    {
        foreach (var (index, row) in Rows.Index())
        {
            var (tokens, targets) = (TokensOf(row), TargetsOf(row));
            var written = Enumerable.Range(0, targets.Length).Where(i => targets[i] != WordVocabulary.Padding).ToList();
            // The first target is that of the last token of the prompt, and every target is the token that follows.
            Assert.Equal(Prompt.Length - 1, written[0]);
            Assert.All(written, i => Assert.Equal(tokens[i + 1], targets[i]));
            var questions = row.Take(3).Select(passage => Split.Questions.Last(one => one.Source == passage)).ToList();
            Assert.Equal(index, questions[0].Source);
            Assert.Equal(
                questions.SelectMany(question => RagPrompt.Written(Known, Split.Passages[question.Source].Text, question.Answer)),
                written.Select(i => (int)targets[i]));
            Assert.Equal(questions[0].Text, Text(tokens.AsSpan(108, 36)));
        }
    }

    [Fact]
    public void The_source_is_the_first_passage_of_most_prompts_but_not_of_all()
    {
        var first = Rows.Index().Count(row => Text(TokensOf(row.Item).AsSpan(0, Prompt.Passage)) == Split.Passages[row.Index].Text);
        Assert.InRange(first / (double)Rows.Length, 0.5, 0.9);
    }

    [Fact]
    public void The_loss_of_the_decoder_is_that_of_what_it_writes()
    {
        random.manual_seed(1);
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = new NanoRagModel(new(new NanoGptGeometry(1, 64, 1, 2304, 384), 1, 48), Shape);
        var rows = tensor(Rows.Take(4).SelectMany(row => row).ToArray(), 4, Shape.Width);
        var (tokens, targets) = Shape.Texts(rows);
        var all = model.Decoder.forward(tokens);
        var (sum, count) = (0.0, 0);
        for (var row = 0; row < 4; row++)
        {
            foreach (var (place, target) in TargetsOf(Rows[row]).Index().Where(one => one.Item != WordVocabulary.Padding))
            {
                sum -= nn.functional.log_softmax(all[row, place], 0)[target].item<float>();
                count++;
            }
        }
        Assert.Equal(sum / count, model.AnswerLoss(rows).item<float>(), 1e-4);
    }

    [Fact]
    public void A_prompt_has_every_passage_and_the_question_at_its_place()
    {
        var prompt = Prompt.Of(Known, ["the red inn", "a barn", "the coast"], "where is the inn ?");
        Assert.Equal(Prompt.Length, prompt.Length);
        Assert.Equal("the red inn", Known.Text(prompt[..36]));
        Assert.Equal("a barn", Known.Text(prompt[36..72]));
        Assert.Equal("where is the inn ?", Known.Text(prompt[108..144]));
        Assert.Equal((WordVocabulary.Passage, WordVocabulary.Question, WordVocabulary.Evidence), (prompt[0], prompt[108], prompt[^1]));
        var shorter = Prompt.Of(Known, ["the red inn"], string.Join(' ', Enumerable.Repeat("inn", 99)));
        Assert.Equal((Prompt.Length, WordVocabulary.Evidence), (shorter.Length, shorter[^1]));
    }

    [Fact]
    public void What_is_written_is_read_as_evidence_and_answer()
    {
        var written = RagPrompt.Written(Known, "by the coast stands a red inn .", "anna brandt");
        Assert.Equal(("by the coast stands a red inn .", "anna brandt"), RagPrompt.Read(Known, written));
        Assert.Equal(("by the coast", ""), RagPrompt.Read(Known, Known.Tokens("by the coast")));
        Assert.Equal(("", ""), RagPrompt.Read(Known, []));
    }

    [Fact]
    public void A_text_that_does_not_fit_is_refused()
    {
        var refused = Assert.Throws<AggregateException>(() => new RagRows(Known, Shape with { Prompt = Prompt with { Answer = 20 } }).Of(Split));
        Assert.Contains("Raise text, question or written of the geometry.", refused.InnerExceptions[0].Message);
    }

    static long[] TokensOf(long[] row) => row[^(2 * Shape.Context)..^Shape.Context];

    static long[] TargetsOf(long[] row) => row[^Shape.Context..];

    static string Text(ReadOnlySpan<long> tokens) => Known.Text(Array.ConvertAll(tokens.ToArray(), token => (int)token));
}
