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
