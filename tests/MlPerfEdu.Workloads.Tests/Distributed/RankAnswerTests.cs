using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Distributed;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Tests.Distributed;

public class RankAnswerTests
{
    [Fact]
    public void Has_the_points_of_all_ranks_in_their_order()
    {
        var answers = Threads.Run(3, group => RankAnswer.Gather(group, [.. Enumerable.Range(0, group.Rank).Select(Point)]));

        Assert.All(answers, answer =>
        {
            Assert.Equal(3, answer.Size);
            Assert.Equal(["0", "0", "1"], answer.Points.Select(point => point.Name));
            Assert.Equal([1.5, double.NaN], RankAnswer.Parse(JsonOutput.Text(answer)).Points[0].Samples);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{ \"size\": 2, \"points\": [")]
    public void Text_that_is_none_is_refused(string text)
    {
        var unreadable = Assert.Throws<RunException>(() => RankAnswer.Parse(text));

        Assert.Equal("MLP1535", unreadable.Code);
        Assert.Contains($"found the answer '{text}'", unreadable.Message);
    }

    static MeasuredPoint Point(int number) => new($"{number}", new Dictionary<string, double> { ["ranks"] = 3 }, "seconds", [1.5, double.NaN]);
}
