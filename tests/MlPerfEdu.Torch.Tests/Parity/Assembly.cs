// The random stream is one for the whole process, and a case seeds it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
