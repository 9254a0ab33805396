using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>How C# makes a module and calls it.</summary>
public sealed class ModuleCase(Func<nn.Module> build, Func<nn.Module, CaseInputs, Outputs> call)
{
    public nn.Module Build(long seed)
    {
        random.manual_seed(seed);
        return build();
    }

    public Outputs Call(nn.Module module, CaseInputs inputs) => call(module, inputs);
}
