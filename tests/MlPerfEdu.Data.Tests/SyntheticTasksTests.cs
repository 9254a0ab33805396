using System.Text.Json;
using System.Text.RegularExpressions;

namespace MlPerfEdu.Data.Tests;

public partial class SyntheticTasksTests
{
    static readonly TaskDataSet Tasks = SyntheticTasks.Generate(new("synthetic-tasks", 7, 12_000, 1200));

    [Fact]
    public void No_new_structure_is_learned_from()
    {
        var learned = Tasks.Train.Select(task => (task.GetType(), task.Structure)).ToHashSet();
        Assert.All(New, task => Assert.DoesNotContain((task.GetType(), task.Structure), learned));
        // Not too few to say anything.
        Assert.InRange(New.Select(task => task.Structure).Distinct().Count(), 200, 2000);
    }

    // What a task calls its structure could be wrong: it is read from the text as well.
    [Fact]
    public void Nor_is_one_by_its_text()
    {
        var learned = Tasks.Train.Select(Shape).ToHashSet(StringComparer.Ordinal);
        Assert.All(New, task => Assert.DoesNotContain(Shape(task), learned));
    }

    [Fact]
    public void No_call_that_is_examined_was_learned()
    {
        var learned = Tasks.Train.OfType<ToolCallTask>().Select(task => task.Call).ToHashSet(StringComparer.Ordinal);
        Assert.All(Tasks.Test.OfType<ToolCallTask>(), task => Assert.DoesNotContain(task.Call, learned));
    }

    [Fact]
    public void Each_kind_of_examination_is_there() => Assert.Equal(
        ["CodeTask NewStructure", "ReactTask NewStructure", "ToolCallTask NewStructure", "ToolCallTask NewValues"],
        Tasks.Test.Select(task => $"{task.GetType().Name} {task.Examination}").Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_tool_of_a_schema_is_offered() => Assert.All(Tasks.Test.OfType<ToolCallTask>(), task =>
    {
        using var schema = JsonDocument.Parse(task.Schema);
        var names = schema.RootElement.GetProperty("anyOf").EnumerateArray().Select(tool => tool.GetProperty("properties").GetProperty("name").GetProperty("const").GetString()!);
        Assert.All(names, name => Assert.Contains($"{name}(", task.Request));
        using var call = JsonDocument.Parse(task.Call);
        Assert.Equal(task.Structure, $"{call.RootElement.GetProperty("name")}({string.Join(',', call.RootElement.GetProperty("arguments").EnumerateObject().Select(argument => argument.Name))})");
    });

    [Fact]
    public void Facts_follow_from_their_seed()
    {
        var facts = new FactStore(3);
        Assert.Equal(facts.Find("Anna", "boss"), new FactStore(3).Find("Anna", "boss"));
        Assert.Null(facts.Find("Nobody", "boss"));
        Assert.Null(facts.Find("Anna", "colour"));
        Assert.All(TaskWords.People, person => Assert.NotEqual(person, facts.Find(person, "friend")));
    }

    static IEnumerable<AgentTask> New => Tasks.Test.Where(task => task.Examination == Examination.NewStructure);

    static string Shape(AgentTask task) => task switch
    {
        // Tools, and whether each found a number.
        ReactTask => "react " + string.Join(' ', Act.Matches(task.Text).Select(act => $"{act.Groups[1]} {char.IsDigit(act.Groups[2].Value[0])}")),
        ToolCallTask => "call " + Value.Replace(task.Turns[^1].Text, ":?"),
        _ => "code " + Number.Replace(task.Turns[^1].Text, "#"),
    };

    [GeneratedRegex(@"\nact: ([a-z]+)\([^)]*\)\nsee: (\w+)")]
    private static partial Regex Act { get; }

    [GeneratedRegex(@"(?<=""arguments"":.*):(""[^""]*""|\d+)")]
    private static partial Regex Value { get; }

    // A step's own numbers are none: those of %2==0, 0) and -1 are in each of its programs.
    [GeneratedRegex(@"\d+")]
    private static partial Regex Number { get; }
}
