using System.Text;
using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public class HotpotQaTests(ITestOutputHelper output)
{
    // In the shape of the original file.
    const string File = """
        [{"_id": "a", "answer": "yes", "question": "Were both in Paris?", "supporting_facts": [["Ada", 0], ["Bob", 1], ["Ada", 1]],
          "context": [["Ada", ["Ada was born.", " She lived in Paris."]], ["Cid", ["Cid did."]], ["Bob", ["Bob was.", " He lived in Paris."]]],
          "type": "comparison", "level": "hard"},
         {"_id": "b", "answer": "Rome", "question": "Where was Eve?", "supporting_facts": [["Eve", 0], ["Ada", 0]],
          "context": [["Eve", ["Eve was in Rome."]], ["Ada", ["Ada was born.", " She lived in Paris."]]], "type": "bridge", "level": "easy"}]
        """;

    [Fact]
    public void Paragraphs_are_read_once_and_a_question_for_each_that_it_needs()
    {
        var split = HotpotQa.Read(Encoding.UTF8.GetBytes(File), 10);
        Assert.Equal(["Ada", "Cid", "Bob", "Eve"], split.Passages.Select(passage => passage.Structure));
        Assert.Equal("Ada . Ada was born. She lived in Paris.", split.Passages[0].Text);
        Assert.Equal([("Were both in Paris?", "yes", 0), ("Were both in Paris?", "yes", 2), ("Where was Eve?", "Rome", 3), ("Where was Eve?", "Rome", 0)],
            split.Questions.Select(question => (question.Text, question.Answer, question.Source)));
    }

    [Fact]
    public void A_question_whose_paragraphs_are_too_many_is_left_out()
    {
        var split = HotpotQa.Read(Encoding.UTF8.GetBytes(File), 3);
        Assert.Equal((3, 2), (split.Passages.Count, split.Questions.Count));
    }

    [Theory]
    [InlineData("[{}]")]
    [InlineData("{}")]
    [InlineData("[{\"question\": \"only\", \"answer\": \"questions\", \"type\": \"bridge\"}]")]
    [InlineData("no JSON")]
    public void Another_shape_is_refused(string file) => Assert.Contains(
        "context and supporting_facts", Assert.Throws<DataException>(() => HotpotQa.Read(Encoding.UTF8.GetBytes(file), 10)).Message);

    [Fact]
    public void The_published_file_is_read_where_it_is_at_hand()
    {
        if (RealData.Find("hotpotqa", output) is not { } data) return;
        Assert.InRange(HotpotQa.Load(data).Test.Passages.Count, 1_980, 2_000);
    }
}
