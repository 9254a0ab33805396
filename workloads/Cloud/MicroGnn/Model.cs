using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MlPerfEdu.Workloads.Cloud.MicroGnn;

/// <summary>
/// A graph convolutional network (Kipf and Welling, 2017): two convolutions over a paper's neighbours, then a linear layer that
/// names its field. Dropout comes before each of the three.
/// </summary>
public sealed class MicroGnnModel : Module<PaperGraph, Tensor>
{
    readonly ModuleList<GraphConvolution> convolutions = new();
    readonly Linear head;
    readonly double probability;

    public MicroGnnModel(int words, IReadOnlyList<int> hidden, int classes, double dropout) : base(nameof(MicroGnnModel))
    {
        probability = dropout;
        for (var i = 0; i < hidden.Count; i++) convolutions.Add(new GraphConvolution(i == 0 ? words : hidden[i - 1], hidden[i]));
        head = Linear(hidden[^1], classes);
        RegisterComponents();
    }

    // words, sparse [N, vocabulary] → logits [N, classes]
    public override Tensor forward(PaperGraph graph)
    {
        var x = Activate(convolutions[0].OfSparse(graph.Words(training ? probability : 0), graph.Neighbours));
        foreach (var convolution in convolutions.Skip(1))
            x = Activate(convolution.call(x, graph.Neighbours));
        return head.call(x);
    }

    Tensor Activate(Tensor x) => training ? KeyedDropout.Of(F.relu(x), probability) : F.relu(x);
}

/// <summary>Â·X·W + b: each node's features are transformed, then averaged over its neighbours.</summary>
public sealed class GraphConvolution : Module<Tensor, SparseMatrix, Tensor>
{
    readonly Parameter weight, bias;

    public GraphConvolution(int inputs, int outputs) : base(nameof(GraphConvolution))
    {
        weight = Parameter(init.xavier_uniform_(empty(inputs, outputs)));
        bias = Parameter(zeros(outputs));
        RegisterComponents();
    }

    // x [N, inputs]; neighbours [N, N] → [N, outputs]
    public override Tensor forward(Tensor x, SparseMatrix neighbours) => F.add_bias(neighbours.Times(F.mm(x, weight)), bias);

    /// <summary>The same of features that are sparse.</summary>
    public Tensor OfSparse(SparseMatrix x, SparseMatrix neighbours) => F.add_bias(neighbours.Times(x.Times(weight)), bias);
}
