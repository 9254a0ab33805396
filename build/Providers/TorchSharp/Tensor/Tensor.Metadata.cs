using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private unsafe TensorInfo Info
        {
            get
            {
                TensorInfo info;
                Native.mt_tensor_info_get(Handle, &info);
                GC.KeepAlive(this);
                return info;
            }
        }

        public long Dimensions => Native.mt_tensor_dim(Handle);

        public long ndim => Dimensions;

        public long NumberOfElements => Native.mt_tensor_numel(Handle);

        public long ElementSize => SizeOf(dtype);

        public ScalarType dtype => (ScalarType)Native.mt_tensor_dtype(Handle);

        public DeviceType device_type => (DeviceType)Info.DeviceType;

        public int device_index => Info.DeviceIndex;

        public Device device
        {
            get
            {
                var info = Info;
                return info.DeviceType == 0 ? CPU : new Device((DeviceType)info.DeviceType, info.DeviceIndex);
            }
        }

        public bool is_sparse => Info.IsSparse != 0;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_leaf => Info.IsLeaf != 0;

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* pointer = sizes) Native.mt_tensor_sizes(Handle, pointer);
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_contiguous() => Info.IsContiguous != 0;

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public long storage_offset() => Info.StorageOffset;

        public long[] size() => shape;

        public long size(int dim)
        {
            var size = Native.mt_tensor_size(Handle, dim);
            NativeError.Check(size);
            GC.KeepAlive(this);
            return size;
        }

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* pointer = strides) NativeError.Check((long)Native.mt_tensor_strides(Handle, pointer));
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim) => stride()[dim < 0 ? (int)Dimensions + dim : dim];
    }
}
