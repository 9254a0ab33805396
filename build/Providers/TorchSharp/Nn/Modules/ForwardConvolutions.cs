using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Conv1d : Convolution
    {
        internal Conv1d(long inputs, long outputs, Geometry geometry, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(Conv1d), inputs, outputs, geometry, false, bias, device, dtype)
        {
        }

        public override Tensor forward(Tensor input)
        {
            using var padded = Padded(input);
            if (padded is not null) return nn.functional.conv1d(padded, weight, bias, stride[0], 0, dilation[0], groups);
            return padding_type is { } type
                ? nn.functional.conv1d_padding(input, weight, bias, stride[0], type, dilation[0], groups)
                : nn.functional.conv1d(input, weight, bias, stride[0], padding![0], dilation[0], groups);
        }
    }

    public sealed class Conv2d : Convolution
    {
        internal Conv2d(long inputs, long outputs, Geometry geometry, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(Conv2d), inputs, outputs, geometry, false, bias, device, dtype)
        {
        }

        public override Tensor forward(Tensor input)
        {
            using var padded = Padded(input);
            if (padded is not null) return nn.functional.conv2d(padded, weight, bias, stride, [0, 0], dilation, groups);
            return padding_type is { } type
                ? nn.functional.conv2d_padding(input, weight, bias, stride, type, dilation, groups)
                : nn.functional.conv2d(input, weight, bias, stride, padding, dilation, groups);
        }
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0,
                long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, new([kernel_size], [stride], [padding], null, [dilation], groups, padding_mode, [0]),
                    bias, device, dtype);

            public static Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1,
                long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, new([kernel_size], [stride], null, padding, [dilation], groups, padding_mode, [0]),
                    bias, device, dtype);

            public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0,
                long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                Conv2d(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding), (dilation, dilation),
                    padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null,
                (long, long)? padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, new(Both(kernel_size), Both(stride, 1), Both(padding, 0), null, Both(dilation, 1), groups,
                    padding_mode, [0, 0]), bias, device, dtype);

            public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1,
                long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                Conv2d(in_channels, out_channels, (kernel_size, kernel_size), padding, (stride, stride), (dilation, dilation),
                    padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, Padding padding,
                (long, long)? stride = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, new(Both(kernel_size), Both(stride, 1), null, padding, Both(dilation, 1), groups,
                    padding_mode, [0, 0]), bias, device, dtype);

            private static long[] Both((long, long) pair) => [pair.Item1, pair.Item2];

            private static long[] Both((long, long)? pair, long otherwise) => Both(pair ?? (otherwise, otherwise));
        }
    }
}
