using MlPerfEdu.Workloads.Agent.NanoAgentTrain;

namespace MlPerfEdu.Workloads.Agent.Answering;

/// <summary>The answer that learns next to nothing: that of the learned task whose request has the most words in common, whatever their order.</summary>
public sealed class NearestQuestion<T>
    where T : AgentTask
{
    readonly IReadOnlyList<T> learned;
    readonly TaskTokens tokens;
    readonly int[] sizes;
    // Of each word the tasks that have it.
    readonly Dictionary<int, List<int>> tasksWith = [];

    public NearestQuestion(IReadOnlyList<T> learned, TaskTokens tokens)
    {
        (this.learned, this.tokens) = (learned, tokens);
        sizes = new int[learned.Count];
        foreach (var (index, task) in learned.Index())
        {
            var words = Bag(task);
            sizes[index] = words.Count;
            foreach (var word in words)
            {
                if (!tasksWith.TryGetValue(word, out var tasks)) tasksWith.Add(word, tasks = []);
                tasks.Add(index);
            }
        }
    }

    /// <summary>By the share of common words among all of both; of equally near ones the first.</summary>
    public T To(T task)
    {
        var (words, common) = (Bag(task), new int[learned.Count]);
        foreach (var word in words)
        {
            foreach (var index in tasksWith.GetValueOrDefault(word) ?? []) common[index]++;
        }
        return learned[Enumerable.Range(0, common.Length).MaxBy(index => (double)common[index] / (sizes[index] + words.Count - common[index]))];
    }

    HashSet<int> Bag(T task) => [.. tokens.Encode(task.Request)];
}
