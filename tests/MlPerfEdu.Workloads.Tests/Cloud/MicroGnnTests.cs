using MlPerfEdu.Engine.Training;
using MlPerfEdu.Data;
using MlPerfEdu.Workloads.Cloud.MicroGnn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class MicroGnnTests(ITestOutputHelper output)
{
    const int Papers = 40, Words = 30, Classes = 3;

    [Fact]
    public void Another_order_of_the_papers_changes_nothing_but_the_order()
    {
        using var scope = NewDisposeScope();
        using var model = Model(dropout: 0.5);
        model.eval();
        var (graph, order) = (Graph(), Order());
        var (logits, moved) = (Answer(graph), Answer(Moved(graph, order)));

        // order[i] is where paper i goes.
        var difference = (moved.index_select(0, tensor(order.Select(place => (long)place).ToArray())) - logits).abs().max().item<float>();
        output.WriteLine($"largest difference of a logit: {difference:g3}");
        Assert.InRange(difference, 0, 1e-6);

        Tensor Answer(CitationGraph papers)
        {
            using var tensors = new PaperGraph(papers);
            return model.forward(tensors);
        }
    }

    [Fact]
    public void Sparse_gradients_equal_those_of_dense_matrices()
    {
        using var scope = NewDisposeScope();
        using var model = Model(dropout: 0);
        using var graph = new PaperGraph(Graph());
        var fields = tensor(Graph().Labels.Select(label => (long)label).ToArray());

        nn.functional.cross_entropy(model.forward(graph), fields).backward();
        List<Tensor> sparse = [.. model.parameters().Select(parameter => parameter.grad!.clone())];
        model.zero_grad();
        nn.functional.cross_entropy(Dense(model, graph), fields).backward();
        foreach (var (parameter, gradient) in model.parameters().Zip(sparse))
        {
            var difference = (parameter.grad! - gradient).abs().max().item<float>();
            Assert.InRange(difference, 0, 1e-6);
            Assert.NotEqual(0, gradient.abs().max().item<float>());
        }
    }

    [Fact]
    public void Dropout_leaves_out_its_share_the_same_both_ways_and_other_numbers_each_time()
    {
        using var scope = NewDisposeScope();
        const int count = 200_003;
        const float kept = 4f / 3;
        random.manual_seed(1);
        var x = ones(count, requires_grad: true);
        var y = KeyedDropout.Of(x, 0.25);
        y.sum().backward();
        var (first, second) = (y.data<float>().ToArray(), KeyedDropout.Of(x, 0.25).data<float>().ToArray());

        Assert.Equal(first, x.grad!.data<float>().ToArray());
        Assert.All(first, number => Assert.True(number is 0 or kept));
        Assert.Equal(0.75, Share(i => first[i] > 0), 0.005);
        // Independent of the number beside it, of a far one, and of the next call.
        Assert.Equal(0.5625, Share(i => first[i] > 0 && first[(i + 1) % count] > 0), 0.005);
        Assert.Equal(0.5625, Share(i => first[i] > 0 && first[(i + 65536) % count] > 0), 0.005);
        Assert.Equal(0.5625, Share(i => first[i] > 0 && second[i] > 0), 0.005);

        double Share(Func<int, bool> holds) => Enumerable.Range(0, count).Count(holds) / (double)count;
    }

    [Fact]
    public void The_neighbourhood_is_symmetric_with_spectral_radius_1()
    {
        using var scope = NewDisposeScope();
        var neighbours = new Neighbourhood(Graph());
        using var graph = new PaperGraph(Graph());
        var values = linalg.eigvalsh(Dense(graph.Neighbours).to_type(ScalarType.Float64));

        Assert.True(neighbours.IsSymmetric);
        Assert.InRange(neighbours.DistanceFromUnitRadius(), 0, 1e-6);
        Assert.Equal(1, values.abs().max().item<double>(), 1e-6);
    }

    [Fact]
    public void A_neighbour_that_weighs_more_one_way_than_the_other_is_noticed()
    {
        var neighbours = new Neighbourhood(Graph());
        Assert.NotEqual(neighbours.Rows[1], neighbours.Columns[1]);
        neighbours.Values[1] *= 2;
        Assert.False(neighbours.IsSymmetric);
    }

    [Fact]
    public void Labels_of_test_papers_decide_no_step_and_those_of_training_papers_do()
    {
        using var workload = (MicroGnnWorkload)Embedded.Create("micro-gnn-train");
        var papers = workload.Citations;

        Assert.Equal(Losses(papers), Losses(Mislabelled(papers, papers.Test)));
        Assert.NotEqual(Losses(papers), Losses(Mislabelled(papers, papers.Train)));
    }

    [Fact]
    public void Labels_of_test_papers_do_not_choose_the_model_and_those_of_validation_papers_do()
    {
        using var workload = (MicroGnnWorkload)Embedded.Create("micro-gnn-train");
        var papers = workload.Citations;

        Assert.Equal(Kept(papers, "validation_accuracy"), Kept(Mislabelled(papers, papers.Test), "validation_accuracy"));
        Assert.NotEqual(Kept(papers, "test_accuracy"), Kept(Mislabelled(papers, papers.Validation), "test_accuracy"));
    }

    // How the model that was kept does, of those after each of some steps.
    static double Kept(CitationGraph papers, string metric)
    {
        var entry = ThisClone.Entry("micro-gnn-train");
        using var workload = new MicroGnnWorkload(entry, entry.Recipe with { SelectEvery = 1 }, papers);
        using var run = workload.Begin(1);
        for (var step = 0; step < 20; step++) run.Step(0.01);
        return run.Evaluate().Metrics[metric];
    }

    static float[] Losses(CitationGraph papers)
    {
        var entry = ThisClone.Entry("micro-gnn-train");
        using var workload = new MicroGnnWorkload(entry, entry.Recipe, papers);
        using var run = workload.Begin(1);
        return [.. Enumerable.Range(0, 3).Select(_ => run.Step(0.01))];
    }

    static CitationGraph Mislabelled(CitationGraph graph, int[] papers)
    {
        var labels = graph.Labels.ToArray();
        foreach (var paper in papers) labels[paper] = (byte)((labels[paper] + 1) % graph.Classes.Count);
        return graph with { Labels = labels };
    }

    static MicroGnnModel Model(double dropout)
    {
        random.manual_seed(1);
        return new MicroGnnModel(Words, [8, 6], Classes, dropout);
    }

    // The model once more, from dense matrices and its own parameters.
    static Tensor Dense(MicroGnnModel model, PaperGraph graph)
    {
        var (words, neighbours) = (Dense(graph.Words(0)), Dense(graph.Neighbours));
        var named = model.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        var x = words;
        for (var i = 0; i < 2; i++)
            x = nn.functional.relu(neighbours.mm(x).mm(named[$"convolutions.{i}.weight"]) + named[$"convolutions.{i}.bias"]);
        return nn.functional.linear(x, named["head.weight"], named["head.bias"]);
    }

    static int[] Order()
    {
        var order = Enumerable.Range(0, Papers).ToArray();
        new Random(5).Shuffle(order);
        return order;
    }

    static CitationGraph Moved(CitationGraph graph, int[] order)
    {
        var (words, labels) = (new int[Papers][], new byte[Papers]);
        for (var paper = 0; paper < Papers; paper++)
            (words[order[paper]], labels[order[paper]]) = (graph.Words[paper], graph.Labels[paper]);
        return graph with
        {
            Words = words,
            Labels = labels,
            Citations = CitationGraph.Undirected(graph.Citations.Select(pair => (order[pair.First], order[pair.Second]))),
        };
    }

    static CitationGraph Graph()
    {
        var random = new Xoshiro(9);
        var words = new List<int[]>();
        for (var paper = 0; paper < Papers; paper++)
        {
            var found = new SortedSet<int>();
            for (var drawn = 0; drawn < 4; drawn++) found.Add(random.Below(Words));
            words.Add([.. found]);
        }
        var citations = new List<(int, int)>();
        for (var i = 0; i < 70; i++) citations.Add((random.Below(Papers), random.Below(Papers)));
        byte[] labels = [.. Enumerable.Range(0, Papers).Select(paper => (byte)(paper % Classes))];
        return new(words, Words, labels, CitationGraph.Undirected(citations),
            ["a", "b", "c"], [0, 1, 2], [3, 4], [5, 6, 7], new("made here", DataTier.Embedded, [], ""));
    }

    static Tensor Dense(SparseMatrix matrix)
    {
        var (rows, columns) = (matrix.Pattern.ByRow, matrix.Pattern.ByColumn.Count);
        var (stored, numbers) = (matrix.Values.data<float>().ToArray(), new float[rows.Count * columns]);
        for (var row = 0; row < rows.Count; row++)
        {
            for (var at = rows.Starts[row]; at < rows.Starts[row + 1]; at++)
                numbers[row * columns + rows.Across[at]] = stored[rows.At[at]];
        }

        return tensor(numbers, [rows.Count, columns]);
    }
}
