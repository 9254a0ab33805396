using MlPerfEdu.Data;
using MlPerfEdu.Serving.Grammar;
using MlPerfEdu.Workloads.Agent.Answering;
using MlPerfEdu.Workloads.Agent.NanoAgentTrain;
using MlPerfEdu.Workloads.Agent.NanoReact;
using MlPerfEdu.Workloads.Agent.NanoToolCall;
using MlPerfEdu.Workloads.Cloud.MicroBert;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Agent;

public class AgentTests
{
    const int Longest = 128;

    static readonly TaskTokens Tokens = new(2304);
    static readonly TaskDataSet Tasks = SyntheticTasks.Generate(new("synthetic-tasks", 5, 1000, 300));

    [Fact]
    public void Tokens_say_what_the_text_says()
    {
        foreach (var text in Tasks.Train.Take(200).Select(task => task.Text).Append("def f(x):\n    return x ** 2  # grüße 🙂"))
            Assert.Equal(text, Tokens.Decode(Tokens.Encode(text)));
    }

    [Fact]
    public void Every_conversation_fits_the_window() =>
        Assert.InRange(Tasks.Train.Max(task => Conversations.Of(task, Tokens).Read.Length), 40, 96);

    [Fact]
    public void Only_what_the_model_must_write_is_learned() => Assert.All(Tasks.Train.Take(300), task =>
    {
        var (read, written) = Conversations.Of(task, Tokens);
        // Everything that is written, in its order, and the end; nothing of what is only read.
        var expected = task.Turns.Where(turn => turn.IsWritten).SelectMany(turn => Tokens.Encode(turn.Text)).Append(TaskTokens.End);
        Assert.Equal(expected, written.Where(token => token != Conversations.Nothing));
        Assert.Equal(task.Turns.Where(turn => !turn.IsWritten).Sum(turn => Tokens.Encode(turn.Text).Count) - 1, written.Count(token => token == Conversations.Nothing));
        Assert.Equal(read.Skip(1), read.Skip(1).Select((token, i) => written[i] == Conversations.Nothing ? token : written[i]));
    });

    [Fact]
    public void A_tool_finds_what_every_conversation_says() => Assert.All(Tasks.Train.Concat(Tasks.Test).OfType<ReactTask>(), task =>
    {
        var dialogue = Held(task, turn => turn);
        Assert.True(dialogue.IsRight, task.Text);
        Assert.Equal(task.Turns.Count(turn => turn.IsWritten), dialogue.Calls.Count);
    });

    [Fact]
    public void A_wrong_call_is_no_right_trace()
    {
        var task = Tasks.Test.OfType<ReactTask>().First(task => task.Turns.Count > 5);
        var wrong = Held(task, text => text.Replace("lookup", "length", StringComparison.Ordinal));
        Assert.False(wrong.IsRight);
        Assert.False(Held(task, _ => "think: what\nno call").IsRight);
    }

    // What a tool found is what the model reads next: without it, it could only guess.
    [Fact]
    public void What_a_tool_finds_is_fed_back()
    {
        var task = Tasks.Test.OfType<ReactTask>().First();
        var dialogue = new ReactDialogue(task, Tokens, Longest);
        var next = dialogue.Next(Tokens.Encode(task.Turns[1].Text.TrimEnd(')')));
        Assert.Equal(string.Concat(task.Turns.Take(3).Select(turn => turn.Text)), Tokens.Decode(next!.Prompt));
    }

    [Theory]
    [InlineData("calc(2+3", "5")]
    [InlineData("calc(2-3", "-1")]
    [InlineData("calc(999999999*999999999", "999999998000000001")]
    [InlineData("calc(2/3", "nothing")]
    [InlineData("compare(2,10", "less")]
    [InlineData("compare(2,x", "nothing")]
    [InlineData("length(Anna", "4")]
    [InlineData("lookup(Nobody,age", "nothing")]
    [InlineData("delete(all", "nothing")]
    public void Any_call_has_an_answer(string call, string found) =>
        Assert.Equal(found, new Tools(new FactStore(1)).Run(ToolCall.Read($"think: x\nact: {call}")!));

    [Fact]
    public void Every_call_is_one_that_its_schema_allows() => Assert.All(Tasks.Test.OfType<ToolCallTask>().Take(20), task =>
    {
        Assert.Equal((true, true), new CallCheck(task.Schema).Of(task.Call));
        var (grammar, state) = (new GrammarCache(JsonSchema.Parse(task.Schema), new MlPerfEdu.Serving.Grammar.Vocabulary(Tokens.Texts)), GrammarCache.Start);
        foreach (var token in Tokens.Encode(task.Call)) state = grammar.Next(state, token);
        Assert.True(grammar.IsEnd(state), task.Call);
    });

    [Theory]
    [InlineData("{\"name\":\"nothing\",\"arguments\":{}}", true)]
    [InlineData("{\"name\":1}", true)]
    [InlineData("[]", true)]
    [InlineData("{\"name\":", false)]
    [InlineData("", false)]
    public void Other_texts_are_not(string text, bool isJson) =>
        Assert.Equal((isJson, false), new CallCheck(Tasks.Test.OfType<ToolCallTask>().First().Schema).Of(text));

    [Fact]
    public void The_nearest_question_to_a_learned_one_is_itself()
    {
        var learned = Tasks.Train.OfType<CodeTask>().DistinctBy(task => string.Join(' ', Tokens.Encode(task.Request).Distinct().Order())).ToList();
        var nearest = new NearestQuestion<CodeTask>(learned, Tokens);
        Assert.All(learned, task => Assert.Same(task, nearest.To(task)));
    }

    [Fact]
    public void Attention_within_conversations_is_that_of_each_alone()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        int[] starts = [0, 7, 8, 29];
        const int heads = 2, width = 32;
        var projected = randn(starts[^1], 3 * width, requires_grad: true);
        var weights = randn(starts[^1], width);
        var found = SentenceAttention.Of(projected, starts, heads, isCausal: true);
        (found * weights).sum().backward();
        var gradient = projected.grad!.clone();
        projected.grad!.zero_();
        var plain = cat([.. Enumerable.Range(0, starts.Length - 1).Select(i => NanoGptLayer.PlainAttention(projected[starts[i]..starts[i + 1]], 1, heads))], 0);
        (plain * weights).sum().backward();
        Assert.InRange((found - plain).abs().max().item<float>(), 0, 1e-5f);
        Assert.InRange((gradient - projected.grad!).abs().max().item<float>(), 0, 1e-4f);
    }

    [Fact]
    public void Rows_without_padding_give_the_logits_of_the_decoder()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        random.manual_seed(2);
        using var model = new NanoAgentModel(new NanoGptGeometry(2, 128, 2, 2304, 128));
        var task = Tasks.Train[0];
        var (read, written) = Conversations.Of(task, Tokens);
        var batch = Conversations.Rows([task, Tasks.Train[1]], Tokens, 96);
        var found = model.call(batch);
        var all = model.Gpt.call(tensor(Array.ConvertAll(read, token => (long)token)).unsqueeze(0))[0];
        var rows = written.Index().Where(row => row.Item != Conversations.Nothing).Select(row => (long)row.Index).ToArray();
        var expected = all.index_select(0, tensor(rows));
        Assert.InRange((found.narrow(0, 0, rows.Length) - expected).abs().max().item<float>(), 0, 1e-4f);
    }

    // The dialogue as it goes when the model writes what the task says, changed.
    static ReactDialogue Held(ReactTask task, Func<string, string> change)
    {
        var dialogue = new ReactDialogue(task, Tokens, Longest);
        foreach (var turn in task.Turns.Where(turn => turn.IsWritten))
        {
            if (dialogue.Next(Tokens.Encode(change(turn.Text.TrimEnd(')')))) is null) break;
        }
        return dialogue;
    }
}
