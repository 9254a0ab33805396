using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Adam with weight decay apart from the gradient.</summary>
    public class AdamW : OptimizerHelper, IBetas
    {
        private readonly Options _defaults;

        public AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }

        public AdamW(IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        {
            _defaults = Options.Of(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
            foreach (var group in parameters) add_param_group(group);
        }

        public (double, double) Betas
        {
            get => (_defaults.beta1!.Value, _defaults.beta2!.Value);
            set => (_defaults.beta1, _defaults.beta2) = value;
        }

        public override void add_param_group(Modules.ParamGroup param_group)
        {
            var options = (Options?)param_group.Options ?? new Options();
            param_group.Options = options;
            options.LearningRate ??= _defaults.LearningRate;
            options.beta1 ??= _defaults.beta1;
            options.beta2 ??= _defaults.beta2;
            options.eps ??= _defaults.eps;
            options.weight_decay ??= _defaults.weight_decay;
            options.amsgrad ??= _defaults.amsgrad;
            options.maximize ??= _defaults.maximize;
            Register(param_group, parameter => new State(parameter, options.amsgrad == true));
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Step<ParamGroup>(Change, closure);

        private void Change(ParamGroup group, Parameter parameter, Tensor gradient)
        {
            var options = group.Options;
            var rate = options.LearningRate!.Value;
            if (options.maximize == true) gradient = gradient.neg();
            parameter.mul_(1 - rate * options.weight_decay!.Value);
            ((State)StateOf(parameter)).Moments.Move(parameter, gradient, options.beta1!.Value, options.beta2!.Value, options.eps!.Value,
                rate);
        }

        public sealed class State : OptimizerState
        {
            internal State(Parameter parameter, bool amsgrad) : base(parameter) =>
                Moments = new() { Mean = Zeros(), Square = Zeros(), LargestSquare = amsgrad ? Zeros() : null };

            internal AdamMoments Moments { get; }

            public long step => Moments.Step;

            public Tensor exp_avg => Moments.Mean;

            public Tensor exp_avg_sq => Moments.Square;

            public Tensor? max_exp_avg_sq => Moments.LargestSquare;

            public override void SaveStateDict(BinaryWriter writer)
            {
                writer.Write(step);
                exp_avg.Save(writer);
                exp_avg_sq.Save(writer);
                SaveOptional(writer, max_exp_avg_sq);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                Moments.Step = reader.ReadInt64();
                exp_avg.Load(reader);
                exp_avg_sq.Load(reader);
                max_exp_avg_sq?.Dispose();
                Moments.LargestSquare = LoadOptional(reader);
            }

            public override void Dispose() => Moments.Dispose();
        }

        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? weight_decay;
            public double? eps;
            public bool? amsgrad;
            public bool? maximize;

            internal static Options Of(double lr, double beta1, double beta2, double eps, double weight_decay, bool amsgrad,
                bool maximize) =>
                new()
                {
                    LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad,
                    maximize = maximize,
                };

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                writer.Write(beta1!.Value);
                writer.Write(beta2!.Value);
                writer.Write(eps!.Value);
                writer.Write(weight_decay!.Value);
                writer.Write(amsgrad!.Value);
                writer.Write(maximize!.Value);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                beta1 = reader.ReadDouble();
                beta2 = reader.ReadDouble();
                eps = reader.ReadDouble();
                weight_decay = reader.ReadDouble();
                amsgrad = reader.ReadBoolean();
                maximize = reader.ReadBoolean();
            }
        }

        public class ParamGroup : ParamGroup<Options>, IBetas
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : base(parameters, Options.Of(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize))
            {
            }

            public (double, double) Betas
            {
                get => (Options.beta1!.Value, Options.beta2!.Value);
                set => (Options.beta1, Options.beta2) = value;
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
            public static AdamW AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9,
                double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1e-3, double beta1 = 0.9,
                double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(pair => pair.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(IEnumerable<AdamW.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9,
                double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
