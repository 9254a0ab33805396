using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Agent.NanoAgentTrain;

/// <summary>Conversations as rows of numbers: what is read, and below it what is to be written after each token.</summary>
static class Conversations
{
    /// <summary>Beyond the end of a conversation, and wherever the model need not write.</summary>
    public const int Nothing = -1;

    /// <summary>One conversation: tokens that are read, and after each of them the one that the model must write, or nothing.</summary>
    public static (int[] Read, int[] Written) Of(AgentTask task, TaskTokens tokens)
    {
        List<int> all = [];
        List<bool> written = [];
        foreach (var turn in task.Turns)
        {
            var some = tokens.Encode(turn.Text);
            all.AddRange(some);
            written.AddRange(Enumerable.Repeat(turn.IsWritten, some.Count));
        }
        all.Add(TaskTokens.End);
        written.Add(true);
        return ([.. all.SkipLast(1)], [.. all.Skip(1).Zip(written.Skip(1), (token, isWritten) => isWritten ? token : Nothing)]);
    }

    // [tasks, 2, T]
    public static Tensor Rows(IReadOnlyList<AgentTask> tasks, TaskTokens tokens, int length)
    {
        var numbers = new long[tasks.Count * 2 * length];
        Array.Fill(numbers, Nothing);
        for (var i = 0; i < tasks.Count; i++)
        {
            var (read, written) = Of(tasks[i], tokens);
            if (read.Length > length)
                throw new InvalidOperationException(
                    $"A conversation of {read.Length} tokens; the window has {length}. Raise geometry.window.\n{tasks[i].Text}");
            for (var place = 0; place < read.Length; place++)
            {
                numbers[2 * i * length + place] = read[place];
                numbers[(2 * i + 1) * length + place] = written[place];
            }
        }
        return tensor(numbers, tasks.Count, 2, length);
    }
}

/// <summary>A batch of conversations without what lies beyond their ends: one below the other, each as long as it is.</summary>
/// <param name="Tokens">[N]</param>
/// <param name="Places">[N], from 0 in each conversation.</param>
/// <param name="Starts">The first row of each, and N.</param>
/// <param name="Answers">[M]: the rows after which the model must write.</param>
/// <param name="Written">[M]: what it must write there.</param>
sealed record ConversationRows(Tensor Tokens, Tensor Places, int[] Starts, Tensor Answers, Tensor Written)
{
    /// <param name="numbers">[B, 2, T]</param>
    public static ConversationRows Of(Tensor numbers)
    {
        var (batch, length) = ((int)numbers.shape[0], (int)numbers.shape[2]);
        var all = MemoryMarshal.Cast<byte, long>(numbers.contiguous().bytes);
        var starts = new int[batch + 1];
        List<long> tokens = [], places = [], answers = [], written = [];
        for (var i = 0; i < batch; i++)
        {
            var read = all.Slice(2 * i * length, length);
            var answer = all.Slice((2 * i + 1) * length, length);
            for (var place = 0; place < length && read[place] != Conversations.Nothing; place++)
            {
                if (answer[place] != Conversations.Nothing)
                {
                    answers.Add(tokens.Count);
                    written.Add(answer[place]);
                }
                tokens.Add(read[place]);
                places.Add(place);
            }
            starts[i + 1] = tokens.Count;
        }
        return new(tensor(tokens.ToArray()), tensor(places.ToArray()), starts, tensor(answers.ToArray()), tensor(written.ToArray()));
    }
}
