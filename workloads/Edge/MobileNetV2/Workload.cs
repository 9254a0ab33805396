using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Edge.MobileNetV2;

/// <summary>Which of a hundred kinds of thing is in a small coloured picture? A network for phones learns to say so.</summary>
[Workload("mobilenetv2-train")]
public sealed class MobileNetV2Workload(WorkloadSetup setup) : PictureWorkload(setup)
{
    protected internal override Module<Tensor, Tensor> BuildModel() => new MobileNetV2Model(MobileNetV2Sizes.Of(Entry.Geometry));
}
