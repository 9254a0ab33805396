using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Parameter = TorchSharp.Modules.Parameter;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Workloads.Cloud.MicroGnn;

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
