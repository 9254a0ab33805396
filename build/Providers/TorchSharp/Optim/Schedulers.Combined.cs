namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>One schedule after the other.</summary>
                public class SequentialLR : LRScheduler
                {
                    private readonly LRScheduler[] _schedulers;
                    private readonly int[] _milestones;

                    public SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones,
                        int last_epoch = -1) : base(optimizer, last_epoch + 1)
                    {
                        (_schedulers, _milestones) = ([.. schedulers], [.. milestones]);
                        // Each schedule set the rates when it was made; begin again with the first one's.
                        foreach (var (group, rate) in optimizer.ParamGroups.Zip(_base_lrs)) group.LearningRate = rate;
                        foreach (var scheduler in _schedulers) scheduler._last_epoch--;
                        _schedulers[0].step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        var index = _milestones.Count(milestone => milestone <= _last_epoch);
                        if (index > 0 && _milestones[index - 1] == _last_epoch) _schedulers[index].step(0);
                        else _schedulers[index].step();
                        return Current;
                    }
                }

                /// <summary>Several schedules at once.</summary>
                public class ChainedLR(IEnumerable<LRScheduler> schedulers) : LRScheduler(schedulers.First()._optimizer)
                {
                    private readonly LRScheduler[] _schedulers = [.. schedulers];

                    public override void step()
                    {
                        foreach (var scheduler in _schedulers) scheduler.step();
                        Current.ToArray().CopyTo(_last_lrs, 0);
                    }
                }
            }
        }
    }
}
