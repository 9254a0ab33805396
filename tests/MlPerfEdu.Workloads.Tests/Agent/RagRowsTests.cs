using MlPerfEdu.Data;
using MlPerfEdu.Workloads.Agent;
using MlPerfEdu.Workloads.Agent.NanoRag;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Agent;

public class RagRowsTests
{
    static readonly RagRowShape Shape = new(3, 64, 288);
    static readonly PassageSplit Split = SyntheticPassages.Generate(new GeneratorSettings("test", 3, 60, 1)).Train;

    static readonly WordVocabulary Known = new(
        Split.Passages.Select(passage => passage.Text).Concat(Split.Questions.Select(question => question.Text)), 2304);

    static readonly long[][] Rows = [.. new RagRows(Known, Shape).Of(Split).data<long>().ToArray().Chunk(Shape.Width)];

    [Fact]
    public void Each_question_of_a_row_stands_at_the_place_of_its_passage()
    {
        foreach (var (index, row) in Rows.Index())
        {
            Assert.Equal(index, row[0]);
            Assert.Equal(3, row.Take(3).Distinct().Count());
            for (var member = 0; member < 3; member++)
            {
                var passage = (int)row[member];
                var question = Split.Questions.First(one => one.Source == passage);
                Assert.Equal(question.Text, Text(row.AsSpan(3 + member * 64, 64)));
                Assert.Equal(Split.Passages[passage].Text, Text(row.AsSpan(3 + (3 + member) * 64, 64)));
            }
        }
    }

    [Fact]
    public void Only_answers_and_their_ends_are_to_be_written()
    {
        foreach (var (index, row) in Rows.Index())
        {
            var (tokens, targets) = (row[^(2 * 288)..^288], row[^288..]);
            var written = Enumerable.Range(0, 288).Where(i => targets[i] != WordVocabulary.Padding).ToList();
            // Every target is the token that follows.
            Assert.All(written, i => Assert.Equal(tokens[i + 1], targets[i]));
            var expected = Split.Questions.Where(question => question.Source == index)
                .SelectMany(question => RagTexts.Written(Known, Split.Passages[index].Text, question.Answer));
            Assert.Equal(expected, written.Select(i => (int)targets[i]));
            // The first of them follows the mark behind a question.
            Assert.Equal(WordVocabulary.Evidence, tokens[written[0]]);
        }
    }

    [Fact]
    public void The_source_is_first_in_most_texts_but_not_in_all()
    {
        var first = Rows.Index().Count(row => Text(row.Item[^(2 * 288)..^288]).StartsWith(Split.Passages[row.Index].Text, StringComparison.Ordinal));
        Assert.InRange(first / (double)Rows.Length, 0.5, 0.9);
    }

    [Fact]
    public void A_loss_is_the_same_whatever_the_prompt_should_have_been()
    {
        random.manual_seed(1);
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = new NanoRagModel(new(new NanoGptGeometry(1, 64, 1, 2304, 288), 1, 64), Shape);
        var rows = tensor(Rows.Take(4).SelectMany(row => row).ToArray(), 4, Shape.Width);
        var loss = model.AnswerLoss(rows).item<float>();
        // About ln 2304: of the answers alone, with a model that knows nothing.
        Assert.InRange(loss, 7.3, 8.3);
        var (tokens, targets) = Shape.Texts(rows);
        Assert.Equal(tokens.shape, targets.shape);
        var written = Split.Questions.Where(question => question.Source < 4)
            .Sum(question => RagTexts.Written(Known, Split.Passages[question.Source].Text, question.Answer).Length);
        Assert.Equal(written, targets.ne(0).sum().item<long>());
    }

    [Fact]
    public void What_is_written_is_read_as_evidence_and_answer()
    {
        var written = RagTexts.Written(Known, "by the coast stands a red inn .", "anna brandt");
        Assert.Equal(("by the coast stands a red inn .", "anna brandt"), RagTexts.Read(Known, written));
        Assert.Equal(("by the coast", ""), RagTexts.Read(Known, Known.Tokens("by the coast")));
    }

    [Fact]
    public void A_text_that_does_not_fit_is_refused()
    {
        var refused = Assert.Throws<AggregateException>(() => new RagRows(Known, Shape with { Context = 96 }).Of(Split));
        Assert.Contains("room for 96. Raise geometry.window.", refused.InnerExceptions[0].Message);
    }

    static string Text(ReadOnlySpan<long> tokens) => Known.Text(Array.ConvertAll(tokens.ToArray(), token => (int)token));
}
