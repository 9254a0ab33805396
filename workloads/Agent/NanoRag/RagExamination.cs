using System.Diagnostics;
using MlPerfEdu.Roofline;

namespace MlPerfEdu.Workloads.Agent.NanoRag;

/// <summary>How often the right passage is found, by the encoder and by shared words, and the right answer written; and how long both take.</summary>
static class RagExamination
{
    /// <summary>The share of questions whose passage is among the first three.</summary>
    public const string Accuracy = "retrieval_accuracy";

    public const string AboveBm25 = "above_bm25", Bm25Accuracy = "bm25_accuracy", Answers = "answer_match", AboveTrivial = "above_trivial_answer";

    /// <param name="answered">So many questions are answered, too: writing takes longer than finding.</param>
    public static Dictionary<string, double> Of(RagAnswerer answerer, PassageSplit split, int answered, Action<double> progress, CancellationToken stop)
    {
        var (found, metrics) = Retrieval(answerer, split, progress, stop);
        foreach (var (name, value) in Written(answerer, split, found.Take(answered).ToList(), stop))
            metrics[name] = value;
        return metrics;
    }

    /// <returns>What was found for each question, and how often it was right.</returns>
    public static (List<int[]> Found, Dictionary<string, double> Metrics) Retrieval(
        RagAnswerer answerer, PassageSplit split, Action<double> progress, CancellationToken stop)
    {
        var retrieving = new List<double>();
        var found = new List<int[]>();
        foreach (var question in split.Questions)
        {
            stop.ThrowIfCancellationRequested();
            progress((double)found.Count / split.Questions.Count);
            found.Add(Timed(() => answerer.Retrieve(question.Text), retrieving));
        }

        var bm25 = new Bm25([.. split.Passages.Select(passage => passage.Text)]);
        var byWords = split.Questions.Select(question => bm25.Best(question.Text, RagAnswerer.Found)).ToList();
        var (accuracy, byWordsAccuracy) = (Share(split, found, RagAnswerer.Found), Share(split, byWords, RagAnswerer.Found));
        return (found, new()
        {
            [Accuracy] = accuracy,
            ["retrieval_top1"] = Share(split, found, 1),
            [Bm25Accuracy] = byWordsAccuracy,
            ["bm25_top1"] = Share(split, byWords, 1),
            [AboveBm25] = accuracy - byWordsAccuracy,
            ["retrieve_latency_ms"] = Statistics.Median(retrieving),
        });
    }

    static double Share(PassageSplit split, List<int[]> found, int among) =>
        split.Questions.Zip(found).Count(pair => pair.Second.Take(among).Contains(pair.First.Source)) / (double)found.Count;

    // Each answer alone, and once more all of them in a running batch.
    static Dictionary<string, double> Written(RagAnswerer answerer, PassageSplit split, List<int[]> found, CancellationToken stop)
    {
        var generating = new List<double>();
        var prompts = found.Zip(split.Questions).Select(pair => answerer.Prompt(pair.Second.Text, pair.First[0])).ToList();
        var alone = prompts.Select(prompt =>
        {
            stop.ThrowIfCancellationRequested();
            return Timed(() => answerer.Answer(prompt), generating);
        }).ToList();

        var together = new RagAnswer[prompts.Count];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < prompts.Count; i++)
        {
            var place = i;
            answerer.Ask(i, prompts[i], null, answer => together[place] = answer);
        }
        while (answerer.Step()) stop.ThrowIfCancellationRequested();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        var right = alone.Zip(split.Questions).Average(pair => pair.First.Text == pair.Second.Answer ? 1.0 : 0);
        var trivial = found.Zip(split.Questions).Average(pair => TrivialAnswer(split.Passages[pair.First[0]]) == pair.Second.Answer ? 1.0 : 0);
        return new()
        {
            [Answers] = right,
            ["trivial_answer_match"] = trivial,
            [AboveTrivial] = right - trivial,
            ["tokens_per_answer"] = alone.Average(answer => (double)answer.Written.Count),
            ["answers_changed_by_others"] = alone.Zip(together).Count(pair => !pair.First.Written.SequenceEqual(pair.Second.Written)),
            ["generate_latency_ms"] = Statistics.Median(generating),
            ["answers_per_second_together"] = prompts.Count / seconds,
        };
    }

    /// <summary>Without reading the question: the owner whom the first passage names.</summary>
    static string TrivialAnswer(Passage passage)
    {
        var words = WordVocabulary.Split(passage.Text);
        var owner = Array.FindIndex(words, PassageWords.FirstNames.Contains);
        return string.Join(' ', words.Skip(owner).Take(2));
    }

    static T Timed<T>(Func<T> run, List<double> milliseconds)
    {
        var start = Stopwatch.GetTimestamp();
        var result = run();
        milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return result;
    }
}
