using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Other element types and devices for everything in a module. The parameters stay the same objects.</summary>
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                Convert(dtype, device);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                Convert(null, new Device(deviceType, deviceIndex));
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                Convert(dtype, null);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking) => _to(other.device, other.dtype, non_blocking);

            private void Convert(ScalarType? dtype, Device? device)
            {
                foreach (var (_, parameter) in _parameters)
                {
                    Convert(parameter, dtype, device);
                    using var gradient = parameter.grad;
                    if (gradient is not null) Convert(gradient, dtype, device);
                }
                foreach (var (_, (buffer, _)) in _buffers) Convert(buffer, dtype, device);
                foreach (var child in children()) child.Convert(dtype, device);
            }

            // Only floating-point tensors change their type: a counter stays one.
            private static void Convert(Tensor tensor, ScalarType? dtype, Device? device)
            {
                var type = dtype is { } wanted && (tensor.is_floating_point() || tensor.is_complex()) ? wanted : tensor.dtype;
                using var none = no_grad();
                using var source = tensor.detach();
                var converted = source.to(type, device ?? tensor.device);
                if (ReferenceEquals(converted, source)) return;
                NativeError.Check((long)Native.mt_set_data(tensor.Handle, converted.Handle));
                converted.Dispose();
            }
        }
    }
}
