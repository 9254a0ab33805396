using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The bytes of a contiguous tensor, in place: they live as long as the tensor does.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous()) throw new InvalidOperationException("bytes needs a contiguous tensor. Call contiguous() first.");
                var length = NumberOfElements * ElementSize;
                if (length > int.MaxValue) throw new InvalidOperationException($"A span cannot hold the {length} bytes of this tensor.");
                return new Span<byte>((void*)DataPointer, (int)length);
            }
            set
            {
                var target = bytes;
                if (value.Length != target.Length)
                    throw new ArgumentException($"Found {value.Length} bytes, expected {target.Length}, which the shape and type fix.");
                value.CopyTo(target);
            }
        }

        internal nint DataPointer
        {
            get
            {
                if (device_type != DeviceType.CPU)
                    throw new InvalidOperationException($"A tensor on '{device}' cannot be read here. Move it to the cpu first.");
                var pointer = Native.mt_tensor_data(Handle);
                if (pointer == 0) NativeError.CheckText();
                return pointer;
            }
        }

        /// <summary>Typed access to the elements, in place, in the tensor's own order whatever its strides.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            CheckType<T>();
            return new TensorAccessor<T>(this);
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1)
                throw new ArgumentException($"item() needs a tensor with one element, this one has {NumberOfElements}.");
            CheckType<T>();
            return ReadAt<T>(0);
        }

        public bool is_nonzero() => ToScalar().ToBoolean();

        public T ReadCpuValue<T>(long i) where T : unmanaged
        {
            CheckType<T>();
            if (i < 0 || i >= NumberOfElements)
                throw new ArgumentOutOfRangeException(nameof(i), i, $"The tensor has {NumberOfElements} elements.");
            return ReadAt<T>(i);
        }

        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);
        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);
        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);
        public sbyte ReadCpuSByte(long i) => ReadCpuValue<sbyte>(i);
        public short ReadCpuInt16(long i) => ReadCpuValue<short>(i);
        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);
        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);
        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);

        public Scalar ToScalar()
        {
            if (NumberOfElements != 1)
                throw new ArgumentException($"a Tensor with {NumberOfElements} elements cannot be converted to Scalar");
            return dtype switch
            {
                ScalarType.Byte => ReadAt<byte>(0),
                ScalarType.Int8 => ReadAt<sbyte>(0),
                ScalarType.Int16 => ReadAt<short>(0),
                ScalarType.Int32 => ReadAt<int>(0),
                ScalarType.Int64 => ReadAt<long>(0),
                ScalarType.Bool => ReadAt<bool>(0),
                ScalarType.Float16 => ReadAt<Half>(0),
                ScalarType.Float32 => ReadAt<float>(0),
                ScalarType.Float64 => ReadAt<double>(0),
                ScalarType.BFloat16 => BitConverter.Int32BitsToSingle(ReadAt<ushort>(0) << 16),
                _ => throw new InvalidOperationException($"A scalar of type {dtype} cannot be converted."),
            };
        }

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            using var source = contiguous();
            stream.Write(source.bytes);
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            if (is_contiguous())
            {
                stream.ReadExactly(bytes);
                return;
            }
            using var filled = empty(shape, dtype);
            stream.ReadExactly(filled.bytes);
            using (no_grad()) copy_(filled);
        }

        private unsafe T ReadAt<T>(long index) where T : unmanaged
        {
            var value = is_contiguous() ? ((T*)DataPointer)[index] : new TensorAccessor<T>(this).At(index);
            GC.KeepAlive(this);
            return value;
        }

        private void CheckType<T>() where T : unmanaged
        {
            if (!TypeMap.Matches<T>(dtype))
                throw new ArgumentException($"{typeof(T).Name} is not compatible with the tensor's type {dtype}.");
        }
    }
}
