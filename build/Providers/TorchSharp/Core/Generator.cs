using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers.</summary>
    public class Generator : IDisposable
    {
        private Generator(nint handle) => Handle = NativeError.Check(handle);

        public Generator(ulong seed = 0, Device? device = null) : this(Native.mt_generator_new(seed)) =>
            this.device = InitializeDevice(device);

        public static Generator Default => new(Native.mt_generator_default());

        public Device device { get; } = CPU;

        internal nint Handle { get; private set; }

        public Tensor get_state() => new(NativeError.Check(Native.mt_generator_get_state(Handle)));

        public void set_state(Tensor value) => NativeError.Check((long)Native.mt_generator_set_state(Handle, value.Handle));

        public Generator manual_seed(long seed)
        {
            Native.mt_generator_seed(Handle, (ulong)seed);
            return this;
        }

        /// <summary>Seeds from the clock and tells the seed.</summary>
        public long seed()
        {
            var ticks = DateTime.UtcNow.Ticks;
            manual_seed(ticks);
            return ticks;
        }

        public long initial_seed() => (long)Native.mt_generator_initial_seed(Handle);

        protected virtual void Dispose(bool disposing)
        {
            var handle = Handle;
            Handle = 0;
            if (handle != 0) Native.mt_generator_release(handle);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        ~Generator() => Dispose(false);
    }

    public static partial class random
    {
        /// <summary>Seeds the default generator, which every operator without a generator of its own uses.</summary>
        public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

        public static long seed() => Generator.Default.seed();

        public static long initial_seed() => Generator.Default.initial_seed();

        public static Tensor get_rng_state() => Generator.Default.get_state();

        public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);
    }

    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static long seed() => random.seed();

    public static long initial_seed() => random.initial_seed();

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);
}
