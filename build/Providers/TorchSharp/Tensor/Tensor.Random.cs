using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Filling with and drawing random numbers.</summary>
    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => Aten.bernoulli.Tensor(this, generator);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Aten.bernoulli__float.On(this, p, generator);
        public Tensor bernoulli_(Tensor p, Generator? generator = null) => Aten.bernoulli__Tensor.On(this, p, generator);
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Aten.multinomial.Tensor(this, num_samples, replacement, generator);
        public Tensor poisson(Generator? generator = null) => Aten.poisson.Tensor(this, generator);
        public Tensor exponential_(double lambda = 1.0, Generator? generator = null) => Aten.exponential_.On(this, lambda, generator);
        public Tensor geometric_(double p, Generator? generator = null) => Aten.geometric_.On(this, p, generator);
        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) =>
            Aten.normal_.On(this, mean, std, generator);
        public Tensor log_normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) =>
            Aten.log_normal_.On(this, mean, std, generator);
        public Tensor random_(double from, double to, Generator? generator = null) =>
            Aten.random__from.On(this, (long)from, (long)to, generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) => Aten.uniform_.On(this, from, to, generator);
    }

    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);
    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        input.multinomial(num_samples, replacement, generator);
    public static Tensor poisson(Tensor input, Generator? generator = null) => input.poisson(generator);
}
