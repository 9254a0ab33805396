using MlPerfEdu.Data;
using MlPerfEdu.Workloads.Agent;
using MlPerfEdu.Workloads.Agent.NanoAgentTrain;
using MlPerfEdu.Workloads.Agent.NanoRag;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Agent;

public class RagRowsTests
{
    static readonly RagPrompt Prompt = new(Passage: 36, Question: 36, Answer: 4);
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
    public void Only_answers_are_to_be_written()
    {
        foreach (var (index, row) in Rows.Index())
        {
            var (tokens, targets) = (TokensOf(row), TargetsOf(row));
            var written = Enumerable.Range(0, targets.Length).Where(i => targets[i] != Conversations.Nothing).ToList();
            Assert.All(written, i => Assert.Equal(tokens[i + 1], targets[i]));
            var questions = Split.Questions.Where(one => one.Source == index).ToList();
            Assert.Equal(questions.SelectMany(question => RagPrompt.Written(Known, question.Answer)), written.Select(i => (int)targets[i]));
            // What is read before the first answer is the prompt that the agent makes.
            Assert.Equal(Prompt.Of(Known, Split.Passages[index].Text, questions[0].Text), tokens.Take(written[0] + 1).Select(token => (int)token));
        }
    }

    [Fact]
    public void The_loss_of_the_decoder_is_that_of_what_it_writes()
    {
        random.manual_seed(1);
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = new NanoRagModel(new(new NanoGptGeometry(1, 64, 1, 2304, 384), 1, 48), Shape);
        var rows = tensor(Rows.Take(4).SelectMany(row => row).ToArray(), 4, Shape.Width);
        var (sum, count) = (0.0, 0);
        for (var row = 0; row < 4; row++)
        {
            var tokens = TokensOf(Rows[row]);
            var all = model.Decoder.forward(tensor(tokens).unsqueeze(0))[0];
            foreach (var (place, target) in TargetsOf(Rows[row]).Index().Where(one => one.Item != Conversations.Nothing))
            {
                sum -= nn.functional.log_softmax(all[place], 0)[target].item<float>();
                count++;
            }
        }
        Assert.Equal(sum / count, model.AnswerLoss(rows).item<float>(), 1e-4);
    }

    [Fact]
    public void A_prompt_is_the_passage_and_the_question()
    {
        var prompt = Prompt.Of(Known, "the red inn", "where is the inn ?");
        Assert.Equal("the red inn where is the inn ?", Known.Text(prompt));
        Assert.Equal((WordVocabulary.Passage, WordVocabulary.Question, WordVocabulary.Answer), (prompt[0], prompt[4], prompt[^1]));
        var longest = Prompt.Of(Known, string.Join(' ', Enumerable.Repeat("inn", 99)), string.Join(' ', Enumerable.Repeat("inn", 99)));
        Assert.Equal((Prompt.Passage + Prompt.Question + 1, WordVocabulary.Answer), (longest.Length, longest[^1]));
    }

    [Fact]
    public void A_text_that_does_not_fit_is_refused()
    {
        var refused = Assert.Throws<AggregateException>(() => new RagRows(Known, Shape with { Prompt = Prompt with { Answer = 1 } }).Of(Split));
        Assert.Contains("Raise geometry.written.", refused.InnerExceptions[0].Message);
    }

    static long[] TokensOf(long[] row) => [.. row[^(2 * Shape.Context)..^Shape.Context].TakeWhile(token => token != Conversations.Nothing)];

    static long[] TargetsOf(long[] row) => row[^Shape.Context..];

    static string Text(ReadOnlySpan<long> tokens) => Known.Text(Array.ConvertAll(tokens.ToArray(), token => (int)token));
}
