using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Edge.ResNet18;

/// <summary>Which of a hundred kinds of thing is in a small coloured picture? A residual network learns to say so.</summary>
[Workload("resnet18-train")]
public sealed class ResNet18Workload(WorkloadSetup setup) : PictureWorkload(setup)
{
    protected internal override Module<Tensor, Tensor> BuildModel() =>
        new ResNet18Model(Entry.Geometry.Ints("stages"), Entry.Geometry.Int("blocks_per_stage"), Entry.Geometry.Int("classes"));
}
