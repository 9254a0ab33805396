namespace MlPerfEdu.Data;

/// <summary>A store of passages with questions to train on, and another store that is only ever searched and asked about.</summary>
public sealed record PassageDataSet(PassageSplit Train, PassageSplit Test, Provenance Provenance) : DataSet(Provenance), ISamples
{
    static string ISamples.Word => "passages";

    private protected override void AppendTo(IncrementalHash hash)
    {
        foreach (var (passages, questions) in (PassageSplit[])[Train, Test])
        {
            foreach (var passage in passages) Append(hash, $"{passage.Text}\t{passage.Structure}\n");
            foreach (var question in questions) Append(hash, $"{question.Text}\t{question.Answer}\t{question.Source}\n");
        }
    }

    static void Append(IncrementalHash hash, string line) => hash.AppendData(Encoding.UTF8.GetBytes(line));
}

public sealed record PassageSplit(IReadOnlyList<Passage> Passages, IReadOnlyList<PassageQuestion> Questions);

/// <param name="Text">Words with spaces between them.</param>
/// <param name="Structure">What it says, however it is worded: equal for two passages that say the same.</param>
public sealed record Passage(string Text, string Structure);

/// <param name="Answer">In the words of the passage.</param>
/// <param name="Source">Which passage of its split has the answer.</param>
public sealed record PassageQuestion(string Text, string Answer, int Source);
