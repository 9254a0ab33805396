// Trainings are timed, so they run one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
