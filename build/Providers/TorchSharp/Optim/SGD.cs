using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Stochastic gradient descent, with momentum when asked for.</summary>
    public class SGD : OptimizerHelper, IMomentum
    {
        private readonly Options _defaults;

        public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
            bool nesterov = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
            bool nesterov = false, bool maximize = false)
        {
            _defaults = new()
            {
                LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov,
                maximize = maximize,
            };
            foreach (var group in parameters) add_param_group(group);
        }

        public double Momentum
        {
            get => _defaults.momentum!.Value;
            set => _defaults.momentum = value;
        }

        public override void add_param_group(Modules.ParamGroup param_group)
        {
            var options = (Options?)param_group.Options ?? new Options();
            param_group.Options = options;
            options.LearningRate ??= _defaults.LearningRate;
            options.momentum ??= _defaults.momentum;
            options.dampening ??= _defaults.dampening;
            options.weight_decay ??= _defaults.weight_decay;
            options.nesterov ??= _defaults.nesterov;
            options.maximize ??= _defaults.maximize;
            Register(param_group, parameter => new State(parameter));
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Step<ParamGroup>(Change, closure);

        private void Change(ParamGroup group, Parameter parameter, Tensor gradient)
        {
            var options = group.Options;
            if (options.weight_decay is { } decay and not 0) gradient = gradient.add(parameter, alpha: decay);
            if (options.momentum is { } momentum and not 0)
            {
                var state = (State)StateOf(parameter);
                if (state.momentum_buffer is null) state.momentum_buffer = gradient.clone().DetachFromDisposeScope();
                else state.momentum_buffer.mul_(momentum).add_(gradient, alpha: 1 - options.dampening!.Value);
                gradient = options.nesterov == true ? gradient.add(state.momentum_buffer, alpha: momentum) : state.momentum_buffer;
            }
            var rate = options.LearningRate!.Value;
            parameter.add_(gradient, alpha: options.maximize == true ? rate : -rate);
        }

        public sealed class State(Parameter parameter) : OptimizerState(parameter)
        {
            public Tensor? momentum_buffer;

            public override void SaveStateDict(BinaryWriter writer) => SaveOptional(writer, momentum_buffer);

            public override void LoadStateDict(BinaryReader reader)
            {
                momentum_buffer?.Dispose();
                momentum_buffer = LoadOptional(reader);
            }

            public override void Dispose() => momentum_buffer?.Dispose();
        }

        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
            public bool? maximize;

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                writer.Write(momentum!.Value);
                writer.Write(dampening!.Value);
                writer.Write(weight_decay!.Value);
                writer.Write(nesterov!.Value);
                writer.Write(maximize!.Value);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                momentum = reader.ReadDouble();
                dampening = reader.ReadDouble();
                weight_decay = reader.ReadDouble();
                nesterov = reader.ReadBoolean();
                maximize = reader.ReadBoolean();
            }
        }

        public class ParamGroup : ParamGroup<Options>, IMomentum
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0.0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false)
                : base(parameters, new()
                {
                    LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov,
                    maximize = maximize,
                })
            {
            }

            public double Momentum
            {
                get => Options.momentum!.Value;
                set => Options.momentum = value;
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0,
                double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(pair => pair.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0.0,
                double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
