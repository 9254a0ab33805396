using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers about one parameter.</summary>
public abstract class OptimizerState(Parameter parameter) : IDisposable
{
    private protected Parameter Parameter { get; } = parameter;

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void Dispose();

    /// <summary>Zeros of the parameter's shape that outlive every scope.</summary>
    private protected Tensor Zeros() => Parameter.zeros_like().DetachFromDisposeScope();

    private protected static void SaveOptional(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    private protected static Tensor? LoadOptional(BinaryReader reader) =>
        reader.ReadBoolean() ? TensorExtensionMethods.Load(reader).DetachFromDisposeScope() : null;
}

/// <summary>What all optimizers share: groups, states and their files, in TorchSharp's format.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private readonly Dictionary<Parameter, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);

    private protected OptimizerState StateOf(Parameter parameter) => _states[parameter];

    private protected void Register(ParamGroup group, Func<Parameter, OptimizerState> makeState)
    {
        group.InitialLearningRate = group.LearningRate;
        _parameter_groups.Add(group);
        foreach (var parameter in group.Parameters) _states[parameter] = makeState(parameter);
    }

    /// <summary>Calls the body for every parameter that has a gradient, without recording anything for gradients.</summary>
    private protected Tensor? Step<TGroup>(Action<TGroup, Parameter, Tensor> change, Func<Tensor>? closure) where TGroup : ParamGroup
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using (enable_grad()) loss = closure();
        }
        using var untracked = no_grad();
        foreach (var group in _parameter_groups)
        {
            foreach (var parameter in group.Parameters)
            {
                // A scope for each parameter: the temporary tensors of one are the memory of the next.
                using var scope = NewDisposeScope();
                if (parameter.grad is { } gradient) change((TGroup)group, parameter, gradient);
            }
        }
        return loss;
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        OptimizerState[] states = [.. OrderedStates()];
        writer.Write(GetType().Name);
        writer.Write7BitEncodedInt64(_parameter_groups.Count);
        writer.Write7BitEncodedInt64(states.Length);
        foreach (var group in _parameter_groups) group.Options.SaveStateDict(writer);
        foreach (var state in states) state.SaveStateDict(writer);
    }

    public void load_state_dict(BinaryReader reader)
    {
        OptimizerState[] states = [.. OrderedStates()];
        Expect("optimizer type", reader.ReadString(), GetType().Name);
        Expect("number of parameter groups", reader.Read7BitEncodedInt64(), (long)_parameter_groups.Count);
        Expect("number of states", reader.Read7BitEncodedInt64(), (long)states.Length);
        foreach (var group in _parameter_groups) group.Options.LoadStateDict(reader);
        foreach (var state in states) state.LoadStateDict(reader);
    }

    private static void Expect<T>(string what, T found, T expected)
    {
        if (!Equals(found, expected))
            throw new InvalidDataException($"Mismatched {what}: expected '{expected}', but found '{found}' in the loaded stream.");
    }

    private IEnumerable<OptimizerState> OrderedStates() => parameters().Select(parameter => _states[parameter]);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        foreach (var state in _states.Values) state.Dispose();
        _states.Clear();
    }
}
