using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public abstract class ConvolutionTranspose : Convolution
    {
        private protected ConvolutionTranspose(string name, long inputs, long outputs, Geometry geometry, bool bias, Device? device,
            ScalarType? dtype) : base(name, inputs, outputs, geometry, true, bias, device, dtype)
        {
        }

        public override Tensor forward(Tensor input) => forward(input, null);

        public abstract Tensor forward(Tensor input, long[]? output_size);

        /// <summary>The output padding that gives the size asked for: several sizes have the same input size.</summary>
        private protected long[] OutputPadding(Tensor input, long[]? output_size)
        {
            if (output_size is null) return output_padding;
            var spatial = kernel_size.Length;
            var wanted = output_size[^spatial..];
            var result = new long[spatial];
            for (var i = 0; i < spatial; i++)
            {
                var smallest = (input.size(i - spatial) - 1) * stride[i] - 2 * padding![i] + dilation[i] * (kernel_size[i] - 1) + 1;
                if (wanted[i] < smallest || wanted[i] >= smallest + stride[i])
                {
                    var largest = smallest + stride[i] - 1;
                    throw new ArgumentException($"Found output size {wanted[i]} in dimension {i}, expected {smallest} to {largest}.");
                }
                result[i] = wanted[i] - smallest;
            }
            return result;
        }
    }

    public sealed class ConvTranspose1d : ConvolutionTranspose
    {
        internal ConvTranspose1d(long inputs, long outputs, Geometry geometry, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(ConvTranspose1d), inputs, outputs, geometry, bias, device, dtype)
        {
        }

        public override Tensor forward(Tensor input, long[]? output_size) => nn.functional.conv_transpose1d(input, weight, bias,
            stride[0], padding![0], OutputPadding(input, output_size)[0], dilation[0], groups);
    }

    public sealed class ConvTranspose2d : ConvolutionTranspose
    {
        internal ConvTranspose2d(long inputs, long outputs, Geometry geometry, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(ConvTranspose2d), inputs, outputs, geometry, bias, device, dtype)
        {
        }

        public override Tensor forward(Tensor input, long[]? output_size) => nn.functional.conv_transpose2d(input, weight, bias,
            stride, padding, OutputPadding(input, output_size), dilation, groups);
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static ConvTranspose1d ConvTranspose1d(long in_channels, long out_channels, long kernel_size, long stride = 1,
                long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, new([kernel_size], [stride], [padding], null, [dilation], groups, padding_mode,
                    [output_padding]), bias, device, dtype);

            public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, long kernel_size, long stride = 1,
                long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                ConvTranspose2d(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding),
                    (output_padding, output_padding), (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, (long, long) kernel_size,
                (long, long)? stride = null, (long, long)? padding = null, (long, long)? output_padding = null,
                (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, new(Both(kernel_size), Both(stride, 1), Both(padding, 0), null, Both(dilation, 1), groups,
                    padding_mode, Both(output_padding, 0)), bias, device, dtype);
        }
    }
}
