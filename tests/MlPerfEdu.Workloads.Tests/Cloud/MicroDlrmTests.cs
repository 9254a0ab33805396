using MlPerfEdu.Data;
using MlPerfEdu.Workloads.Cloud.MicroDlrm;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class MicroDlrmTests
{
    static readonly Movie Comedy = new(1990, [0]), Western = new(1960, [1]);

    [Fact]
    public void Labels_that_are_scored_reach_no_input()
    {
        var set = Ratings();
        var (asked, flipped) = (new RatingFeatures(set), new RatingFeatures(set.WithFlippedValidation()));

        var other = set.WithFlippedValidation();
        Assert.All(set.Validation.Zip(other.Validation), pair => Assert.NotEqual(pair.First.IsLike, pair.Second.IsLike));
        Assert.Equal(asked.Train, flipped.Train);
        Assert.Equal(asked.Validation, flipped.Validation);
    }

    [Fact]
    public void Labels_that_are_trained_on_do_reach_inputs()
    {
        var set = Ratings();
        var other = set with { Train = [set.Train[0] with { Stars = 6 - set.Train[0].Stars }, .. set.Train.Skip(1)] };

        Assert.NotEqual(new RatingFeatures(set).Validation, new RatingFeatures(other).Validation);
    }

    [Fact]
    public void Dense_numbers_have_mean_0_and_deviation_1_over_the_training_rows()
    {
        using var scope = NewDisposeScope();
        var rows = new RatingFeatures(Ratings()).Train;
        var dense = tensor(rows, [rows.Length / RatingFeatures.Width, RatingFeatures.Width])
            .narrow(1, RatingFeatures.Ids, RatingFeatures.Dense);

        Assert.InRange(dense.mean([0]).abs().max().item<float>(), 0, 1e-5);
        Assert.InRange((dense.std(0, unbiased: false) - 1).abs().max().item<float>(), 0, 1e-4);
    }

    [Fact]
    public void The_joined_tables_answer_as_three_bags_do()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        int[] rows = [5, 7, 3];
        using var model = new MicroDlrmModel(rows, 4, [2, 4], [6]);
        var tables = model.parameters().First();
        // Ids within each table, and the same ids within the joined one.
        var ids = tensor(new long[,] { { 4, 0, 2 }, { 0, 6, 1 } });
        var joined = ids + tensor(new long[] { 0, 5, 12 });
        var dense = rand(2, 2);

        var bags = rows.Select((count, t) =>
        {
            var bag = nn.EmbeddingBag_from_pretrained(tables.narrow(0, rows[..t].Sum(), count).detach(), mode: EmbeddingBagMode.Sum);
            return bag.forward(ids.narrow(1, t, 1), null, null);
        });
        var parts = cat([.. bags, Bottom(model, dense)], 1);
        var expected = Top(model, parts).squeeze(1);
        var answer = model.forward(cat([joined.to_type(ScalarType.Float32), dense], 1));

        Assert.True(answer.allclose(expected, 1e-6, 1e-6), $"largest difference {(answer - expected).abs().max().item<float>():g3}");
    }

    static Tensor Bottom(MicroDlrmModel model, Tensor dense) => Part(model, "bottom").forward(dense);

    static Tensor Top(MicroDlrmModel model, Tensor parts) => Part(model, "top").forward(parts);

    static nn.Module<Tensor, Tensor> Part(MicroDlrmModel model, string name) =>
        (nn.Module<Tensor, Tensor>)model.named_children().Single(child => child.name == name).module;

    static RatingsDataSet Ratings()
    {
        var random = new Xoshiro(3);
        var ratings = new List<Rating>();
        for (var i = 0; i < 60; i++) ratings.Add(new(random.Below(5), random.Below(4), 1 + random.Below(5)));
        return new(ratings[..40], ratings[40..], [.. Enumerable.Range(0, 5).Select(i => new Person(20 + 7 * i, i % 2 == 0, i % 3))],
            [Comedy, Western, Comedy with { Year = 1975 }, new(0, [0, 1])], 3, 2, new("made here", DataTier.Embedded, [], ""));
    }
}
