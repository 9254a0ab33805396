using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.Stories;

static class Initial
{
    public static Parameter Uniform(double limit, ScalarType dtype, params long[] shape) =>
        nn.Parameter(empty(shape, dtype: dtype).uniform_(-limit, limit));
}
