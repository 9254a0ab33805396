namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rate of every group, one step after the other.</summary>
            public abstract class LRScheduler
            {
                internal Optimizer _optimizer;
                internal int _last_epoch;
                internal readonly bool _verbose;
                internal readonly double[] _base_lrs;
                internal readonly double[] _last_lrs;
                protected int _step_count;

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    (_optimizer, _last_epoch, _verbose) = (optimizer, last_epoch, verbose);
                    _base_lrs = [.. optimizer.ParamGroups.Select(group => group.InitialLearningRate)];
                    _last_lrs = [.. optimizer.ParamGroups.Select(group => group.LearningRate)];
                }

                public virtual void step() => step(null);

                public virtual void step(int? epoch)
                {
                    _step_count++;
                    _last_epoch = epoch ?? _last_epoch + 1;
                    double[] rates = [.. epoch is null ? get_lr() : get_closed_form_lr()];
                    ILearningRateController[] groups = [.. _optimizer.ParamGroups];
                    for (var i = 0; i < _base_lrs.Length; i++)
                    {
                        groups[i].LearningRate = rates[i];
                        if (_verbose && _last_lrs[i] != rates[i]) Console.WriteLine($"Adjusting learning rate to {rates[i]}");
                        _last_lrs[i] = rates[i];
                    }
                }

                /// <summary>Most schedules do not look at the metric.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                protected virtual IEnumerable<double> get_lr() => Scaled(1);

                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                public IEnumerable<double> get_last_lr() => _last_lrs;

                private protected IEnumerable<double> Current => _optimizer.ParamGroups.Select(group => group.LearningRate);

                private protected IEnumerable<double> Scaled(double factor) => Current.Select(rate => rate * factor);

                private protected IEnumerable<double> FromInitial(double factor) => _base_lrs.Select(rate => rate * factor);
            }
        }
    }
}
