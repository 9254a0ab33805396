using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    public enum PaddingModes
    {
        Zeros = 0, Reflect = 1, Replicate = 2, Circular = 3, Constant = 4,
    }

    public enum Padding
    {
        Valid = 0, Same = 1,
    }
}

namespace TorchSharp.Modules
{
    /// <summary>What all convolutions share: geometry, weights and their initial values.</summary>
    public abstract class Convolution : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = nameof(weight))]
        private Parameter? _weight;
        [ComponentName(Name = nameof(bias))]
        private Parameter? _bias;

        private protected Convolution(string name, long in_channels, long out_channels, Geometry geometry, bool transposed, bool bias,
            Device? device, ScalarType? dtype) : base(name)
        {
            (this.in_channels, this.out_channels, this.transposed) = (in_channels, out_channels, transposed);
            (kernel_size, stride, dilation, groups) = (geometry.Kernel, geometry.Stride, geometry.Dilation, geometry.Groups);
            (padding, padding_type, padding_mode) = (geometry.Padding, geometry.PaddingType, geometry.PaddingMode);
            output_padding = geometry.OutputPadding;
            if (transposed && padding_mode != PaddingModes.Zeros)
                throw new ArgumentException("Only PaddingModes.Zeros is supported for ConvTransposeND");
            if (padding_type == Padding.Same && stride.Any(step => step != 1))
                throw new ArgumentException("padding='same' is not supported for strided convolutions");

            long[] channels = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
            weight = new Parameter(empty([.. channels, .. kernel_size], dtype, device));
            if (bias) this.bias = new Parameter(empty(out_channels, dtype, device));
            reset_parameters();
        }

        public long in_channels { get; }
        public long out_channels { get; }
        public bool transposed { get; }
        public long[] kernel_size { get; }
        public long[] stride { get; }
        public long[] dilation { get; }
        public long[] output_padding { get; }
        public long groups { get; }
        public PaddingModes padding_mode { get; }
        public Padding? padding_type { get; private set; }
        public long[]? padding { get; private set; }

        public Parameter weight
        {
            get => _weight!;
            set => Own(ref _weight, value, nameof(weight));
        }

        public Parameter? bias
        {
            get => _bias;
            set => Own(ref _bias, value, nameof(bias));
        }

        public void SetPadding(long[] padding) => (this.padding, padding_type) = (padding, null);

        public void SetPadding(Padding padding) => (this.padding, padding_type) = (null, padding);

        public void reset_parameters()
        {
            nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
            var (fanIn, _) = nn.init.CalculateFanInAndFanOut(weight);
            if (bias is null || fanIn == 0) return;
            var bound = 1 / Math.Sqrt(fanIn);
            nn.init.uniform_(bias, -bound, bound);
        }

        /// <summary>The input with the padding that the operator itself cannot make; null when there is none to make.</summary>
        private protected Tensor? Padded(Tensor input)
        {
            CheckChannels(input);
            return padding_mode == PaddingModes.Zeros ? null : nn.functional.pad(input, PaddingOfBothSides(), padding_mode);
        }

        private void CheckChannels(Tensor input)
        {
            var (shape, spatial) = (input.shape, kernel_size.Length);
            if (shape.Length == spatial + 2 && shape[1] == in_channels || shape.Length == spatial + 1 && shape[0] == in_channels) return;
            throw new ArgumentException($"Expected {spatial + 1}D (unbatched) or {spatial + 2}D (batched) input with {in_channels} " +
                $"channels to {GetName()}, found [{string.Join(", ", shape)}].");
        }

        // The last dimension comes first, each with the padding before and after.
        private long[] PaddingOfBothSides()
        {
            List<long> both = [];
            for (var i = kernel_size.Length - 1; i >= 0; i--)
            {
                var total = padding is { } given ? 2 * given[i] : padding_type == Padding.Same ? dilation[i] * (kernel_size[i] - 1) : 0;
                both.AddRange([total / 2, total - total / 2]);
            }
            return [.. both];
        }

        internal sealed record Geometry(long[] Kernel, long[] Stride, long[]? Padding, Padding? PaddingType, long[] Dilation, long Groups,
            PaddingModes PaddingMode, long[] OutputPadding);
    }
}
