namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Up to a highest rate and down below the first one, the momentum the other way round.</summary>
                public class OneCycleLR : LRScheduler
                {
                    private readonly record struct Phase(double End, double FromRate, double ToRate, double FromMomentum,
                        double ToMomentum);

                    private readonly int _steps;
                    private readonly AnnealStrategy _strategy;
                    private readonly bool _cycleMomentum;
                    private readonly Phase[][] _phases;

                    public enum AnnealStrategy
                    {
                        Cos, Linear,
                    }

                    public OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1,
                        double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true,
                        double base_momentum = 0.85, double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 1e4,
                        bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, optimizer.ParamGroups.Select(_ => max_lr), total_steps, epochs, steps_per_epoch, pct_start,
                            anneal_strategy, cycle_momentum, optimizer.ParamGroups.Select(_ => base_momentum),
                            optimizer.ParamGroups.Select(_ => max_momentum), div_factor, final_div_factor, three_phase, last_epoch, verbose)
                    {
                    }

                    public OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1,
                        int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos,
                        bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null,
                        double div_factor = 25, double final_div_factor = 1e4, bool three_phase = false, int last_epoch = -1,
                        bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        if (pct_start is < 0 or > 1)
                            throw new ArgumentException($"Expected float between 0 and 1 for pct_start, but got {pct_start}");
                        _steps = total_steps != -1 ? total_steps : epochs * steps_per_epoch;
                        if (_steps <= 0 || total_steps == -1 && epochs <= 0)
                            throw new ArgumentException("You must define either total_steps OR (epochs AND steps_per_epoch)");
                        (_strategy, _cycleMomentum) = (anneal_strategy, cycle_momentum);
                        double[] lows = [.. base_momentum ?? _base_lrs.Select(_ => 0.85)],
                            highs = [.. max_momentum ?? _base_lrs.Select(_ => 0.95)];
                        _phases = [.. max_lr.Select((highest, i) =>
                            Phases(highest, highest / div_factor, final_div_factor, pct_start, three_phase, lows[i], highs[i]))];
                        step();
                    }

                    private Phase[] Phases(double highest, double first, double finalDivisor, double share, bool three, double low,
                        double high)
                    {
                        var up = new Phase(share * _steps - 1, first, highest, high, low);
                        var last = first / finalDivisor;
                        return three
                            ? [up, new(2 * share * _steps - 2, highest, first, low, high), new(_steps - 1, first, last, high, high)]
                            : [up, new(_steps - 1, highest, last, low, high)];
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch > _steps)
                            throw new InvalidOperationException(
                                $"Tried to step {_last_epoch + 1} times. The specified number of total steps is {_steps}");
                        return _optimizer.ParamGroups.Select((group, i) => RateOf(group, _phases[i]));
                    }

                    private double RateOf(ILearningRateController group, Phase[] phases)
                    {
                        var start = 0.0;
                        var index = 0;
                        while (index < phases.Length - 1 && _last_epoch > phases[index].End) start = phases[index++].End;
                        var phase = phases[index];
                        var done = (_last_epoch - start) / (phase.End - start);
                        if (_cycleMomentum) SetMomentum(group, Between(phase.FromMomentum, phase.ToMomentum, done));
                        return Between(phase.FromRate, phase.ToRate, done);
                    }

                    private double Between(double from, double to, double done) => _strategy == AnnealStrategy.Linear
                        ? from + (to - from) * done
                        : to + (from - to) / 2 * (Math.Cos(Math.PI * done) + 1);

                    private static void SetMomentum(ILearningRateController group, double momentum)
                    {
                        if (group is IBetas betas) betas.Betas = (momentum, betas.Betas.Item2);
                        else if (group is IMomentum plain) plain.Momentum = momentum;
                        else throw new ArgumentException("optimizer must support momentum with `cycle_momentum` option enabled");
                    }
                }
            }
        }
    }
}
