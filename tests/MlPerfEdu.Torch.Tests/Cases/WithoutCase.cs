namespace MlPerfEdu.Torch.Tests.Cases;

/// <summary>Public operations that no case calls, each with the reason. A name may end in * for all that begin so.</summary>
internal static class WithoutCase
{
    private const string OwnExtra = "not part of TorchSharp";
    private const string Start = "called by the constructor; ModuleParityTests compare what it leaves";
    private const string Collection = "a member that a collection has to have; ContainerTests and ConversionTests use the class";
    private const string Inner = "a step of another public call that has a test";
    private const string Lifetime = "ownership of native memory; LifetimeTests look at its effect";
    private const string File = "another door to a file format that SavingTests and ConversionTests compare byte by byte";
    private const string Device = "about accelerators, which this library does not use";
    private const string CalledBack = "called by the library; the custom functions and modules of the cases are its callers' proof";

    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["OperatorRecorder.*"] = OwnExtra,
        ["ProcessGroup.*"] = OwnExtra,
        ["Info.*"] = OwnExtra,
        ["Convolution.SetPadding"] = Inner,
        ["ConvolutionTranspose.forward"] = CalledBack,
        ["FieldInfoExtensionMethods.*"] = Inner,
        ["GRU.flatten_parameters"] = Device,
        ["LSTM.flatten_parameters"] = Device,
        ["MaxPool2d.forward_with_indices"] = "functional.max_pool2d_with_indices is the same call and has a case",
        ["Convolution.reset_parameters"] = Start,
        ["LayerNorm.reset_parameters"] = Start,
        ["ModuleDict.*"] = Collection,
        ["ParameterList.GetEnumerator"] = Collection,
        ["TensorAccessor.*"] = Collection,
        ["ModuleExtensionMethods.cuda"] = Device,
        ["OptimizerOptions.*"] = Inner,
        ["OptimizerState.*"] = Inner,
        ["Scalar.Dispose"] = Lifetime,
        ["DisposeScope.MarkAsDisposed"] = Lifetime,
        ["LifetimeStatistics.Reset"] = "ThreadDisposeScopeStatistics.Reset calls it",
        ["torch.optim.Optimizer.Dispose"] = Lifetime,
        ["torch.Generator.Dispose"] = Lifetime,
        ["torch.autograd.AutogradContext.Dispose"] = Lifetime,
        ["torch.Tensor.DecoupleFromNativeHandle"] = Lifetime,
        ["torch.Tensor.UnsafeCreateTensor"] = Lifetime,
        ["TensorExtensionMethods.*"] = "another door to a conversion that has a test as a method of Tensor or Scalar",
        ["torch.Device.op_Implicit"] = Device,
        ["torch.InitializeDevice*"] = Device,
        ["torch.TryInitializeDeviceType"] = Device,
        ["torch.Tensor.cuda"] = Device,
        ["torch.cuda*"] = Device,
        ["torch.mps_is_available"] = Device,
        ["torch.get_default_device"] = Device,
        ["torch.set_default_device"] = Device,
        ["torch.Tensor.Load"] = File,
        ["torch.Tensor.load"] = File,
        ["torch.Tensor.save"] = File,
        ["torch.nn.Module.save_state_dict"] = File,
        ["torch.Tensor.cdouble"] = "complex numbers are compared through view_as_real in the group special",
        ["torch.Tensor.cfloat"] = "complex numbers are compared through view_as_real in the group special",
        ["torch.TensorIndex.Bool"] = "stands behind indexing with a bool; by_mask covers masks",
        ["torch.autograd.AutogradContext.mark_dirty"] = "in-place custom functions are not used",
        ["torch.autograd.AutogradContext.set_materialize_grads"] = "the default is used",
        ["torch.autograd.SingleTensorFunction.*"] = CalledBack,
        ["torch.autograd.MultiTensorFunction.*"] = CalledBack,
        ["torch.nn.IModule.call"] = CalledBack,
        ["torch.nn.Module.forward"] = CalledBack,
        ["torch.nn.Module.Create"] = Inner,
        ["torch.nn.Module._to"] = Inner,
        ["torch.nn.Module.add_module"] = "another name of register_module",
        ["torch.random.manual_seed"] = "called by the runner before every case",
        ["torch.set_default_tensor_type"] = "another name of set_default_dtype",
        ["torch.set_num_interop_threads"] = "libtorch lets a process call it once",
    };

    public static bool Explains(string operation) => Reasons.Keys.Any(r => Matches(r, operation));

    public static bool Matches(string reason, string operation) => reason.EndsWith('*')
        ? operation.StartsWith(reason[..^1], StringComparison.Ordinal)
        : operation == reason;
}
