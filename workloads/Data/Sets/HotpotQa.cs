using System.Text.Json;

namespace MlPerfEdu.Data;

/// <summary>
/// HotpotQA's development questions (Yang et al., 2018), each with paragraphs of Wikipedia: two hold the answer, the others look alike. Nothing here is
/// trained on. A question is asked once for each paragraph that it needs.
/// </summary>
public static class HotpotQa
{
    const string File = "hotpot_dev_distractor_v1.json";

    [Reads("hotpotqa")]
    public static PassageDataSet Load(DataResolution data)
    {
        var scored = Read(data.Read(File), data.Entry.Splits["test"]);
        return new(new([], []), scored, data.Provenance(
            DataTier.Part, $"HotpotQA: the first {scored.Passages.Count} paragraphs, and what is asked about them; nothing to train on."));
    }

    /// <param name="most">Paragraphs that are taken: those of whole questions, from the first one on.</param>
    public static PassageSplit Read(byte[] file, int most)
    {
        var (passages, questions) = (new List<Passage>(), new List<PassageQuestion>());
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(file);
            foreach (var item in document.RootElement.EnumerateArray())
            {
                var paragraphs = item.GetProperty("context").EnumerateArray().Select(one => (Title: one[0].GetString()!, Sentences: one[1])).ToList();
                if (passages.Count + paragraphs.Count(one => !places.ContainsKey(one.Title)) > most) break;
                foreach (var (title, sentences) in paragraphs)
                {
                    if (!places.TryAdd(title, passages.Count)) continue;
                    passages.Add(new($"{title} . {string.Concat(sentences.EnumerateArray().Select(one => one.GetString()))}", title));
                }
                foreach (var title in item.GetProperty("supporting_facts").EnumerateArray().Select(one => one[0].GetString()!).Distinct())
                    questions.Add(new(item.GetProperty("question").GetString()!, item.GetProperty("answer").GetString()!, places[title]));
            }
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw FormatErrors.WrongShape(File, $"another shape ({error.Message})", "a list of questions with context and supporting_facts");
        }
        return new(passages, questions);
    }
}
