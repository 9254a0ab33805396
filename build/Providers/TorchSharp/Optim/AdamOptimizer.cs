using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Adam and AdamW but for what weight decay does.</summary>
public abstract class AdamOptimizer<TOptions> : OptimizerHelper, IBetas where TOptions : AdamOptions, new()
{
    private readonly TOptions _defaults;

    private protected AdamOptimizer(IEnumerable<AdamParamGroup<TOptions>> parameters, TOptions defaults)
    {
        _defaults = defaults;
        foreach (var group in parameters) add_param_group(group);
    }

    public (double, double) Betas
    {
        get => (_defaults.beta1!.Value, _defaults.beta2!.Value);
        set => (_defaults.beta1, _defaults.beta2) = value;
    }

    public override void add_param_group(ParamGroup param_group)
    {
        var options = (TOptions?)param_group.Options ?? new TOptions();
        param_group.Options = options;
        options.FillFrom(_defaults);
        Register(param_group, parameter => NewState(parameter, options.amsgrad == true));
    }

    public override Tensor? step(Func<Tensor>? closure = null) => Step<AdamParamGroup<TOptions>>(Change, closure);

    private protected abstract AdamState NewState(Parameter parameter, bool amsgrad);

    /// <summary>Weight decay: the gradient to go on with, or a change of the parameter itself.</summary>
    private protected abstract Tensor Decayed(Parameter parameter, Tensor gradient, double decay, double rate);

    private void Change(AdamParamGroup<TOptions> group, Parameter parameter, Tensor gradient)
    {
        var options = group.Options;
        if (options.maximize == true) gradient = gradient.neg();
        gradient = Decayed(parameter, gradient, options.weight_decay!.Value, options.LearningRate!.Value);
        ((AdamState)StateOf(parameter)).Move(gradient, options);
    }
}

public abstract class AdamParamGroup<TOptions> : ParamGroup<TOptions>, IBetas where TOptions : AdamOptions
{
    private protected AdamParamGroup()
    {
    }

    private protected AdamParamGroup(IEnumerable<Parameter> parameters, TOptions options) : base(parameters, options)
    {
    }

    public (double, double) Betas
    {
        get => (Options.beta1!.Value, Options.beta2!.Value);
        set => (Options.beta1, Options.beta2) = value;
    }
}
