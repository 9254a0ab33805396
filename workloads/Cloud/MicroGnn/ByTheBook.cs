using MlPerfEdu.Engine.Inference;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MlPerfEdu.Workloads.Cloud.MicroGnn;

/// <summary>The graph convolutional network by the book: dense words, and a neighbourhood that is one of libtorch's sparse tensors.</summary>
public sealed class BookGnn : Module<Tensor, Tensor, Tensor>
{
    readonly ModuleList<BookGraphConvolution> convolutions = new();
    readonly Linear head;
    readonly TorchSharp.Modules.Dropout dropout;

    public BookGnn(int words, IReadOnlyList<int> hidden, int classes, double dropout) : base(nameof(BookGnn))
    {
        for (var i = 0; i < hidden.Count; i++) convolutions.Add(new BookGraphConvolution(i == 0 ? words : hidden[i - 1], hidden[i]));
        head = Linear(hidden[^1], classes);
        this.dropout = Dropout(dropout);
        RegisterComponents();
    }

    // words [N, vocabulary]; neighbours [N, N] → logits [N, classes]
    public override Tensor forward(Tensor words, Tensor neighbours)
    {
        var x = dropout.call(words);
        foreach (var convolution in convolutions) x = dropout.call(functional.relu(convolution.call(x, neighbours)));
        return head.call(x);
    }
}

/// <summary>Â·(X·W) + b.</summary>
public sealed class BookGraphConvolution : Module<Tensor, Tensor, Tensor>
{
    readonly Parameter weight, bias;

    public BookGraphConvolution(int inputs, int outputs) : base(nameof(BookGraphConvolution))
    {
        weight = Parameter(init.xavier_uniform_(empty(inputs, outputs)));
        bias = Parameter(zeros(outputs));
        RegisterComponents();
    }

    // x [N, inputs]; neighbours [N, N] → [N, outputs]
    public override Tensor forward(Tensor x, Tensor neighbours) => neighbours.mm(x.mm(weight)) + bias;
}

/// <summary>The training of it from one seed, beginning with the weights of <see cref="MicroGnnRun"/>.</summary>
sealed class MicroGnnBook : ITrainingRun, IBookStep
{
    readonly Tensor words, neighbours, papers, fields;
    readonly BookGnn model;
    readonly Parameter[] parameters;
    readonly optim.Optimizer optimizer;
    readonly BestPass best;
    readonly double clipNorm;

    public MicroGnnBook(MicroGnnWorkload workload, Recipe recipe, int copies, int seed)
    {
        random.manual_seed(seed);
        model = workload.BuildByTheBook();
        parameters = [.. model.parameters()];
        optimizer = Book.Optimizer(parameters, recipe);
        clipNorm = recipe.ClipNorm;
        (words, neighbours) = (Words(workload.Citations, copies), Neighbours(workload.Citations, copies));
        (papers, fields) = workload.Labelled(copies);
        best = new BestPass(workload, recipe, model, () => model.call(words, neighbours));
    }

    // [N, vocabulary]
    static Tensor Words(CitationGraph papers, int copies)
    {
        using var scope = NewDisposeScope();
        var stored = new float[papers.Papers * papers.Vocabulary];
        for (var paper = 0; paper < papers.Papers; paper++)
        {
            foreach (var word in papers.Words[paper]) stored[paper * papers.Vocabulary + word] = 1;
        }
        return AlignedTensor.Of(stored, papers.Papers, papers.Vocabulary).repeat(copies, 1).DetachFromDisposeScope();
    }

    // [N, N]
    static Tensor Neighbours(CitationGraph papers, int copies)
    {
        using var scope = NewDisposeScope();
        var (neighbours, nodes) = (new Neighbourhood(papers), papers.Papers);
        long[] places = [.. Places(neighbours.Rows), .. Places(neighbours.Columns)];
        float[] values = [.. Enumerable.Range(0, copies).SelectMany(_ => neighbours.Values)];
        var cells = sparse_coo_tensor(tensor(places, 2, values.Length), AlignedTensor.Of(values, values.Length), [copies * nodes, copies * nodes]);
        // What comes from a dense matrix is known to be sorted.
        return cells.to_dense().to_sparse().DetachFromDisposeScope();

        IEnumerable<long> Places(int[] along) => Enumerable.Range(0, copies).SelectMany(copy => along.Select(place => (long)copy * nodes + place));
    }

    public float Step(double learningRate)
    {
        Book.SetLearningRate(optimizer, learningRate);
        var loss = TakeStep();
        best.AfterPass();
        return loss;
    }

    void IBookStep.Step() => TakeStep();

    float TakeStep()
    {
        using var scope = NewDisposeScope();
        var loss = functional.cross_entropy(model.call(words, neighbours).index_select(0, papers), fields);
        return Book.Update(optimizer, parameters, loss, clipNorm);
    }

    public Scores Evaluate(CancellationToken stop) => best.Score();

    public void Dispose()
    {
        optimizer.Dispose();
        model.Dispose();
        words.Dispose();
        neighbours.Dispose();
        papers.Dispose();
        fields.Dispose();
    }
}
