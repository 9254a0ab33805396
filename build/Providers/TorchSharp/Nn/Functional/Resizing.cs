using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public enum InterpolationMode
    {
        Nearest = 0, Linear = 1, Bilinear = 2, Bicubic = 3, Trilinear = 4, Area = 5, NearestExact = 6,
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor upsample(Tensor input, long[]? size = null, double[]? scale_factor = null,
                UpsampleMode mode = UpsampleMode.Nearest, bool align_corners = false) =>
                interpolate(input, size, scale_factor, (InterpolationMode)mode, align_corners);

            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) => Aten.pixel_shuffle.Tensor(input, upscale_factor);

            /// <summary>The patches under a sliding kernel, one column each.</summary>
            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                unfold(input, (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null,
                (long, long)? padding = null, (long, long)? stride = null) =>
                Aten.im2col.Tensor(input, Both(kernel_size), Both(dilation, 1), Both(padding, 0), Both(stride, 1));

            /// <summary>Images (or sequences) of another size; give the size or the factor.</summary>
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null,
                InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false,
                bool antialias = false)
            {
                if (recompute_scale_factor || antialias)
                    throw new NotSupportedException("This provider resizes without recompute_scale_factor and antialias.");
                return (mode, x.ndim) switch
                {
                    (InterpolationMode.Nearest, 3) => Aten.upsample_nearest1d_vec.Tensor(x, size, scale_factor),
                    (InterpolationMode.Nearest, 4) => Aten.upsample_nearest2d_vec.Tensor(x, size, scale_factor),
                    (InterpolationMode.Linear, 3) => Aten.upsample_linear1d_vec.Tensor(x, size, align_corners ?? false, scale_factor),
                    (InterpolationMode.Bilinear, 4) => Aten.upsample_bilinear2d_vec.Tensor(x, size, align_corners ?? false, scale_factor),
                    (InterpolationMode.Bicubic, 4) => Aten.upsample_bicubic2d_vec.Tensor(x, size, align_corners ?? false, scale_factor),
                    _ => throw new NotSupportedException($"This provider does not resize {x.ndim}D tensors by {mode}."),
                };
            }
        }
    }
}
