using System.Diagnostics;
using MlPerfEdu.Roofline;

namespace MlPerfEdu.Workloads.Agent.NanoRag;

/// <summary>How often the right passage is found, by the encoder and by shared words, and the right answer written.</summary>
static class RagExamination
{
    /// <summary>The share of questions whose passage is among the first three.</summary>
    public const string Accuracy = "retrieval_accuracy";

    public const string AboveBm25 = "above_bm25", Answers = "answer_match";

    /// <param name="answered">So many questions are answered, too: writing takes longer than finding.</param>
    public static Dictionary<string, double> Of(
        RagAnswerer answerer, PassageSplit split, int answered, Action<double> progress, CancellationToken stop)
    {
        var bm25 = new Bm25([.. split.Passages.Select(passage => passage.Text)]);
        List<double> retrieving = [], generating = [];
        int first = 0, among = 0, firstByWords = 0, amongByWords = 0, right = 0, trivial = 0;
        foreach (var (index, question) in split.Questions.Index())
        {
            stop.ThrowIfCancellationRequested();
            progress((double)index / split.Questions.Count);
            var found = Timed(() => answerer.Retrieve(question.Text), retrieving);
            var byWords = bm25.Best(question.Text, RagAnswerer.Found);
            if (found[0] == question.Source) first++;
            if (found.Contains(question.Source)) among++;
            if (byWords[0] == question.Source) firstByWords++;
            if (byWords.Contains(question.Source)) amongByWords++;
            if (index >= answered) continue;
            if (Timed(() => Answer(answerer, question, found), generating) == question.Answer) right++;
            if (TrivialAnswer(split.Passages[found[0]]) == question.Answer) trivial++;
        }

        var count = (double)split.Questions.Count;
        var asked = Math.Min(answered, count);
        return new()
        {
            [Accuracy] = among / count,
            ["retrieval_top1"] = first / count,
            ["bm25_accuracy"] = amongByWords / count,
            ["bm25_top1"] = firstByWords / count,
            [AboveBm25] = (among - amongByWords) / count,
            [Answers] = right / asked,
            ["trivial_answer_match"] = trivial / asked,
            ["retrieve_latency_ms"] = Statistics.Median(retrieving),
            ["generate_latency_ms"] = Statistics.Median(generating),
        };
    }

    static string Answer(RagAnswerer answerer, PassageQuestion question, int[] found)
    {
        var tokens = new List<int>();
        answerer.Generate(answerer.Prompt(question.Text, found), tokens.Add);
        return answerer.Text(tokens);
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
