namespace MlPerfEdu.Zoo.Tests;

/// <summary>Models and devices that could exist.</summary>
sealed class RandomZoo(int seed)
{
    readonly Random random = new(seed);

    public int Between(int low, int high) => random.Next(low, high + 1);

    public T Any<T>(params IReadOnlyList<T> values) => values[random.Next(values.Count)];

    public double Log(double low, double high) => low * Math.Pow(high / low, random.NextDouble());

    public Model Model(Architecture? wanted = null)
    {
        var architecture = wanted ?? Any(Enum.GetValues<Architecture>());
        var heads = 1 << Between(1, 5);
        var sequential = architecture is Architecture.Transformer or Architecture.SparseMoe or Architecture.Ssm;
        var total = new ParameterCount(Log(1e5, 1e12));
        var active = architecture == Architecture.SparseMoe ? total * 0.4 : total;
        return new()
        {
            Id = "random",
            Name = "Random",
            Family = Family.Vision,
            Architecture = architecture,
            Parameters = total,
            Active = active,
            Work = new(sequential ? 2 * active.Value : Log(1e5, 1e13)),
            Unit = sequential ? WorkUnit.Token : architecture == Architecture.Diffusion ? WorkUnit.Step : WorkUnit.Image,
            WorkIsAssumed = false,
            Layers = Between(1, 128),
            Hidden = sequential ? heads * 64 : null,
            Heads = architecture is Architecture.Transformer or Architecture.SparseMoe ? heads : null,
            KvHeads = architecture is Architecture.Transformer or Architecture.SparseMoe ? Any(heads, heads / 2) : null,
            Experts = architecture == Architecture.SparseMoe ? 8 : null,
            ExpertsPerToken = architecture == Architecture.SparseMoe ? 2 : null,
            State = architecture == Architecture.Ssm ? 16 : null,
            Steps = architecture == Architecture.Diffusion ? Between(1, 100) : null,
            Sources = [],
            Line = 1,
        };
    }

    public Device Device() => new()
    {
        Id = "random",
        Name = "Random",
        Class = DeviceClass.Cloud,
        Year = 2026,
        Peaks = new(new(Log(1e9, 1e16)), Dtype.Fp16, []),
        Capacity = new(Log(1e6, 1e13)),
        Bandwidth = new(Log(1e8, 1e14)),
        Power = new(Log(0.01, 1e5)),
        Dispatch = new(Log(1e-6, 1e-2)),
        HostLink = Any(null, new Link("link", new(Log(1e8, 1e11)), false)),
        Sources = [],
        Line = 1,
    };

    public Question Question(Rules rules)
    {
        var model = Model();
        var training = Any(true, false);
        return new(model, Device())
        {
            Batch = Between(1, 4096),
            Dtype = Any(Enum.GetValues<Dtype>()),
            Context = model.Generates && (training || Any(true, false)) ? Between(1, 100_000) : 0,
            Training = training,
            Recompute = Any(Enum.GetValues<Recompute>()),
            Heuristics = new(Log(0.01, 1), new(Log(1e-7, 1e-4)), Log(1e-3, 1)),
            Rules = rules,
        };
    }
}
