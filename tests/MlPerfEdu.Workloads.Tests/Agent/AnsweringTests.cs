using System.Text.Json;
using MlPerfEdu.Data;
using MlPerfEdu.Serving.Grammar;
using MlPerfEdu.Workloads.Agent.Answering;
using MlPerfEdu.Workloads.Agent.NanoAgentTrain;
using MlPerfEdu.Workloads.Agent.NanoToolCall;
using MlPerfEdu.Workloads.Cloud.Gpt;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Agent;

/// <summary>Agents with a small model that has learned nothing.</summary>
public sealed class AnsweringTests : IDisposable
{
    static readonly TaskTokens Tokens = new(2304);
    static readonly Vocabulary Words = new(Tokens.Texts);
    static readonly List<ToolCallTask> Tasks = [.. SyntheticTasks.Generate(new("synthetic-tasks", 7, 3, 90)).Test.OfType<ToolCallTask>().Take(6)];

    readonly NanoGptModel model;
    readonly CachedGpt gpt;
    readonly Dialogues dialogues;

    public AnsweringTests()
    {
        random.manual_seed(1);
        model = new NanoGptModel(new NanoGptGeometry(2, 128, 2, 2304, 128));
        gpt = new CachedGpt(model, threads: 1, mostRows: 4);
        dialogues = new Dialogues(gpt, 128);
    }

    [Fact]
    public void Each_token_of_a_call_is_one_that_its_schema_allows()
    {
        List<CallDialogue> calls = [.. Tasks.Select(task => new CallDialogue(task, Tokens, Words))];
        dialogues.Finish(calls, _ => { }, default);
        Assert.All(calls, call =>
        {
            var (grammar, state) = (new GrammarCache(JsonSchema.Parse(call.Task.Schema), Words), GrammarCache.Start);
            Assert.NotEmpty(call.Written);
            foreach (var token in Tokens.Encode(call.Written)) state = grammar.Next(state, token);
        });
    }

    [Fact]
    public void No_cache_is_in_use_when_all_dialogues_have_ended()
    {
        for (var turn = 0; turn < 3; turn++)
        {
            dialogues.Finish([.. Tasks.Select(task => new CallDialogue(task, Tokens, null))], _ => { }, default);
            Assert.Equal((0, 0), (dialogues.Open, dialogues.CachesInUse));
        }
    }

    [Theory]
    [InlineData("""{"name":"area","arguments":{"base":10}}""", true)]
    [InlineData("""{"name":"area","arguments":{"base":10.0,"unit":"Units"}}""", true)]
    [InlineData("""{"name":"area","arguments":{"base":10,"unit":"metres"}}""", false)]
    [InlineData("""{"name":"area","arguments":{"base":10,"height":1}}""", false)]
    [InlineData("""{"name":"area","arguments":{"unit":"units"}}""", false)]
    [InlineData("""{"name":"volume","arguments":{"base":10}}""", false)]
    [InlineData("""{"name":"area"}""", false)]
    [InlineData("""{"name":"area","arguments":{"base":10}""", false)]
    [InlineData("", false)]
    public void A_call_is_right_when_all_that_is_needed_is_there_and_nothing_wrong(string written, bool isRight)
    {
        using var allowed = JsonDocument.Parse("""{"base": [10], "unit": ["units", ""]}""");
        Assert.Equal(isRight, PossibleCall.IsRight(written, new("The area?", "area", ["base", "unit"], allowed.RootElement)));
    }

    public void Dispose()
    {
        dialogues.Dispose();
        gpt.Dispose();
        model.Dispose();
    }
}
