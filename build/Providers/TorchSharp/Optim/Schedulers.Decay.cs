namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Schedules that multiply the rate as the epochs pass.</summary>
            public static partial class impl
            {
                public class LambdaLR : LRScheduler
                {
                    private readonly Func<int, double>[] _factors;

                    public LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, optimizer.ParamGroups.Select(_ => lr_lambda), last_epoch, verbose)
                    {
                    }

                    public LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1,
                        bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        _factors = [.. lr_lambdas];
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => _base_lrs.Zip(_factors, (rate, factor) =>
                        rate * factor(_last_epoch));
                }

                public class MultiplicativeLR : LRScheduler
                {
                    private readonly Func<int, double>[] _factors;

                    public MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, optimizer.ParamGroups.Select(_ => lr_lambda), last_epoch, verbose)
                    {
                    }

                    public MultiplicativeLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1,
                        bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        _factors = [.. lr_lambdas];
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        _last_epoch > 0 ? Current.Zip(_factors, (rate, factor) => rate * factor(_last_epoch)) : Current;
                }

                public class StepLR : LRScheduler
                {
                    private readonly int _size;
                    private readonly double _gamma;

                    public StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_size, _gamma) = (step_size, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Scaled(_last_epoch > 0 && _last_epoch % _size == 0 ? _gamma : 1);

                    protected override IEnumerable<double> get_closed_form_lr() => FromInitial(Math.Pow(_gamma, _last_epoch / _size));
                }

                public class MultiStepLR : LRScheduler
                {
                    private readonly IList<int> _milestones;
                    private readonly double _gamma;

                    public MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1,
                        bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        (_milestones, _gamma) = (milestones, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Scaled(_milestones.Contains(_last_epoch) ? _gamma : 1);

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        FromInitial(Math.Pow(_gamma, _milestones.Count(milestone => milestone <= _last_epoch)));
                }

                public class ExponentialLR : LRScheduler
                {
                    private readonly double _gamma;

                    public ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Scaled(_last_epoch == 0 ? 1 : _gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => FromInitial(Math.Pow(_gamma, _last_epoch));
                }
            }
        }
    }
}
