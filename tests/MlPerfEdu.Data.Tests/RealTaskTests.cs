using System.Text;
using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public class RealTaskTests(ITestOutputHelper output)
{
    // Each in the shape of its original file.
    const string Problems = """
        [{"source_file": "a", "task_id": 2, "prompt": "Write a function to add.", "code": "def add(a, b): return a + b",
          "test_imports": ["import math"], "test_list": ["assert add(1, 2) == 3", "assert add(0, 0) == 0"]}]
        """;

    const string Questions = """
        {"id": "s_0", "question": [[{"role": "user", "content": "The area for 10 and 5?"}]], "function": [{"name": "area", "description": "x", "parameters": {"type": "dict", "properties": {"base": {"type": "integer"}, "unit": {"type": "string"}}, "required": ["base"]}}]}
        {"id": "s_1", "question": [[{"role": "user", "content": "5!"}]], "function": [{"name": "math.factorial", "parameters": {"type": "dict", "properties": {"number": {"type": "integer"}}}}]}
        """;

    const string Answers = """
        {"id": "s_1", "ground_truth": [{"math.factorial": {"number": [5]}}]}
        {"id": "s_0", "ground_truth": [{"area": {"base": [10], "unit": ["units", ""]}}]}
        """;

    [Fact]
    public void A_problem_has_its_imports_before_its_tests()
    {
        var problem = Assert.Single(Mbpp.Read(Encoding.UTF8.GetBytes(Problems)));
        Assert.Equal("Write a function to add.", problem.Text);
        Assert.Equal(["import math", "assert add(1, 2) == 3", "assert add(0, 0) == 0"], problem.Tests);
    }

    [Fact]
    public void A_question_has_the_answers_of_its_id()
    {
        var calls = Bfcl.Read(Encoding.UTF8.GetBytes(Questions), Encoding.UTF8.GetBytes(Answers));
        Assert.Equal(["area", "math.factorial"], calls.Select(call => call.Function));
        Assert.Equal("The area for 10 and 5?", calls[0].Question);
        Assert.Equal(["base", "unit"], calls[0].Parameters);
        Assert.Equal([5], calls[1].Allowed.GetProperty("number").EnumerateArray().Select(value => value.GetInt32()));
    }

    [Theory]
    [InlineData("[{}]")]
    [InlineData("{}")]
    [InlineData("no JSON")]
    public void Another_shape_is_refused(string file)
    {
        var bytes = Encoding.UTF8.GetBytes(file);
        Assert.Contains("test_list", Assert.Throws<DataException>(() => Mbpp.Read(bytes)).Message);
        Assert.Contains("ground_truth", Assert.Throws<DataException>(() => Bfcl.Read(bytes, bytes)).Message);
    }

    [Fact]
    public void The_published_files_are_read_where_they_are_at_hand()
    {
        if (RealData.Find("mbpp-sanitized", output) is { } problems) Assert.Equal(427, Mbpp.Load(problems).Test.Count);
        if (RealData.Find("bfcl-simple", output) is { } calls) Assert.Equal(400, Bfcl.Load(calls).Test.Count);
    }
}
