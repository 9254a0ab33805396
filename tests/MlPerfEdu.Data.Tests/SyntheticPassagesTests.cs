using System.Security.Cryptography;
using System.Text;
using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public class SyntheticPassagesTests(ITestOutputHelper output)
{
    static PassageDataSet Set => Embedded.Passages.Value;

    static ulong Seed => DataCatalog.BuiltIn["synthetic-passages"].Seed!.Value;

    [Fact]
    public void Are_the_pinned_passages_and_their_questions()
    {
        foreach (var question in Set.Test.Questions.Take(8))
        {
            output.WriteLine($"{Set.Test.Passages[question.Source].Text}");
            output.WriteLine($"  {question.Text} → {question.Answer}");
        }
        Assert.Equal((6_000, 1_000), (Set.Train.Passages.Count, Set.Test.Passages.Count));
        Assert.Equal((12_000, 1_000), (Set.Train.Questions.Count, Set.Test.Questions.Count));
        Assert.Equal(DataTier.Embedded, Set.Provenance.Tier);
    }

    [Fact]
    public void No_scored_passage_says_what_a_trained_one_says()
    {
        var known = Set.Train.Passages.Select(Hash).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(Set.Test.Passages, passage => known.Contains(Hash(passage)));

        static string Hash(Passage passage) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(passage.Structure)));
    }

    [Fact]
    public void Scored_pairs_of_thing_and_builder_are_in_no_trained_passage()
    {
        Assert.All(Set.Train.Passages, passage => Assert.False(IsHeldOut(passage)));
        Assert.All(Set.Test.Passages, passage => Assert.True(IsHeldOut(passage)));
        var known = Set.Train.Passages.Select(Pair).ToHashSet();
        Assert.DoesNotContain(Set.Test.Passages, passage => known.Contains(Pair(passage)));

        static bool IsHeldOut(Passage passage) => SyntheticPassages.IsHeldOut(Seed, Pair(passage).Thing, Pair(passage).Builder);
        static (int Thing, int Builder) Pair(Passage passage) => (Concept(passage, PassageWords.Thing), Concept(passage, PassageWords.Builder));
    }

    [Fact]
    public void No_owner_of_a_scored_passage_owns_a_trained_one()
    {
        var known = Owners(Set.Train).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(Owners(Set.Test), known.Contains);

        static IEnumerable<string> Owners(PassageSplit split) => split.Passages.Select(passage =>
        {
            var words = passage.Text.Split(' ');
            var first = Array.FindIndex(words, PassageWords.FirstNames.Contains);
            return $"{words[first]} {words[first + 1]}";
        });
    }

    [Fact]
    public void Every_answer_is_in_its_source_and_never_in_its_question()
    {
        foreach (var split in (PassageSplit[])[Set.Train, Set.Test])
        {
            Assert.All(split.Questions, question => Assert.Contains($" {question.Answer} ", $" {split.Passages[question.Source].Text} "));
            Assert.All(split.Questions, question => Assert.DoesNotContain($" {question.Answer} ", $" {question.Text} "));
        }
    }

    [Fact]
    public void A_question_is_true_of_its_source_alone()
    {
        var passages = Set.Test.Passages;
        foreach (var question in Set.Test.Questions)
        {
            var asked = question.Text.Split(' ').Select(PlaceOf).Where(place => place is not null).Select(place => place!.Value).ToList();
            Assert.InRange(asked.Count, 4, PassageWords.Kinds);
            var holders = Enumerable.Range(0, passages.Count).Where(i => asked.All(place => Concept(passages[i], place.Kind) == place.Concept));
            Assert.Equal([question.Source], holders);
        }
    }

    [Fact]
    public void A_word_belongs_to_one_concept()
    {
        var words = Words().Concat(PassageWords.FirstNames).Concat(PassageWords.LastNames).ToList();
        Assert.Equal(words.Count, words.Distinct().Count());
    }

    [Fact]
    public void Questions_call_most_concepts_by_other_words()
    {
        var (same, all) = (0, 0);
        foreach (var question in Set.Test.Questions)
        {
            var known = Set.Test.Passages[question.Source].Text.Split(' ').ToHashSet(StringComparer.Ordinal);
            foreach (var word in question.Text.Split(' ').Where(word => PlaceOf(word) is not null))
            {
                all++;
                if (known.Contains(word)) same++;
            }
        }
        Assert.InRange((double)same / all, 0.37, 0.43);
    }

    static int Concept(Passage passage, int kind) => int.Parse(passage.Structure.Split('-')[kind], System.Globalization.CultureInfo.InvariantCulture);

    static readonly Dictionary<string, (int Kind, int Concept)> Places = Enumerable.Range(0, PassageWords.Kinds)
        .SelectMany(kind => Enumerable.Range(0, PassageWords.Count(kind)).SelectMany(concept => Enumerable.Range(0, PassageWords.Forms)
            .Select(form => (Word: PassageWords.Word(kind, concept, form), Place: (kind, concept)))))
        .DistinctBy(pair => pair.Word).ToDictionary(pair => pair.Word, pair => pair.Place);

    static IEnumerable<string> Words() => Enumerable.Range(0, PassageWords.Kinds).SelectMany(kind => Enumerable.Range(0, PassageWords.Count(kind))
        .SelectMany(concept => Enumerable.Range(0, PassageWords.Forms).Select(form => PassageWords.Word(kind, concept, form))));

    static (int Kind, int Concept)? PlaceOf(string word) => Places.TryGetValue(word, out var place) ? place : null;
}
