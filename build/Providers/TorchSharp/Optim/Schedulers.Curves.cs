namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Schedules that follow a curve from one rate to another.</summary>
            public static partial class impl
            {
                public class ConstantLR : LRScheduler
                {
                    private readonly double _factor;
                    private readonly int _epochs;

                    public ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1,
                        bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        (_factor, _epochs) = (factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        Scaled(_last_epoch == 0 ? _factor : _last_epoch == _epochs ? 1 / _factor : 1);

                    protected override IEnumerable<double> get_closed_form_lr() => FromInitial(_last_epoch >= _epochs ? 1 : _factor);
                }

                public class LinearLR : LRScheduler
                {
                    private readonly double _start, _change;
                    private readonly int _epochs;

                    public LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5,
                        int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        (_start, _change, _epochs) = (start_factor, end_factor - start_factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch == 0) return Scaled(_start);
                        return Scaled(_last_epoch > _epochs ? 1 : 1 + _change / (_epochs * _start + (_last_epoch - 1) * _change));
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        FromInitial(_start + _change * Math.Min(_epochs, _last_epoch) / _epochs);
                }

                public class PolynomialLR : LRScheduler
                {
                    private readonly double _epochs, _power;

                    public PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1.0, int last_epoch = -1,
                        bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        (_epochs, _power) = (total_iters, power);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch == 0 || _last_epoch > _epochs) return Current;
                        return Scaled(Math.Pow((1 - _last_epoch / _epochs) / (1 - (_last_epoch - 1) / _epochs), _power));
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        FromInitial(Math.Pow(1 - Math.Min(_epochs, _last_epoch) / _epochs, _power));
                }

                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _half, _least;

                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1,
                        bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        (_half, _least) = (T_max, eta_min);
                        step();
                    }

                    // From the rate before, as in PyTorch, so that a rate changed from outside stays changed.
                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch == 0) return Current;
                        if ((_last_epoch - 1 - _half) % (2 * _half) == 0)
                            return Current.Zip(_base_lrs, (rate,
                                initial) => rate + (initial - _least) * (1 - Math.Cos(Math.PI / _half)) / 2);
                        var ratio = (1 + Math.Cos(Math.PI * _last_epoch / _half)) / (1 + Math.Cos(Math.PI * (_last_epoch - 1) / _half));
                        return Current.Select(rate => ratio * (rate - _least) + _least);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        _base_lrs.Select(rate => _least + (rate - _least) * (1 + Math.Cos(Math.PI * _last_epoch / _half)) / 2);
                }
            }
        }
    }
}
