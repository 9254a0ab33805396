using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests;

/// <summary>Between tensors, .NET values and bytes.</summary>
public sealed class ConversionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void One_element_becomes_a_number()
    {
        var two = tensor(2.0);
        Assert.Equal(2, two.to(ScalarType.Int32).ToInt32());
        Assert.Equal(2L, two.to(ScalarType.Int64).ToInt64());
        Assert.Equal((short)2, two.to(ScalarType.Int16).ToInt16());
        Assert.Equal((byte)2, two.to(ScalarType.Byte).ToByte());
        Assert.Equal((sbyte)2, two.to(ScalarType.Int8).ToSByte());
        Assert.Equal(2f, two.to(ScalarType.Float32).ToSingle());
        Assert.Equal((Half)2, two.to(ScalarType.Float16).ToHalf());
        Assert.True(two.to(ScalarType.Bool).ToBoolean());
        Assert.Equal(2f, (float)two.to(ScalarType.Float32));
        Assert.Equal(2.0, two.ToScalar().ToDouble());
    }

    [Fact]
    public void A_number_becomes_a_scalar_and_back()
    {
        Assert.Equal(3, 3.ToScalar().ToInt32());
        Assert.Equal(3L, 3L.ToScalar().ToInt64());
        Assert.Equal(1.5f, 1.5f.ToScalar().ToSingle());
        Assert.Equal((short)3, ((short)3).ToScalar().ToInt16());
        Assert.Equal((byte)3, ((byte)3).ToScalar().ToByte());
        Assert.Equal((sbyte)-3, ((sbyte)-3).ToScalar().ToSByte());
        Assert.Equal((Half)1.5f, ((Half)1.5f).ToScalar().ToHalf());
        Assert.True(true.ToScalar().ToBoolean());
    }

    [Fact]
    public void Data_reads_and_writes_in_row_order_whatever_the_layout()
    {
        var transposed = tensor([1f, 2f, 3f, 4f, 5f, 6f], 2, 3).T;
        Assert.Equal([1f, 4, 2, 5, 3, 6], transposed.data<float>().ToArray());
        Assert.Equal([1f, 4, 2, 5, 3, 6], transposed.data<float>());
        Assert.Equal(4f, transposed.data<float>()[0, 1]);
        Assert.Equal(new[,] { { 1f, 4 }, { 2, 5 }, { 3, 6 } }, transposed.data<float>().ToNDArray());
        var copied = new float[6];
        transposed.data<float>().CopyTo(copied);
        Assert.Equal([1f, 4, 2, 5, 3, 6], copied);
        transposed.data<float>().CopyFrom([9f, 8, 7, 6, 5, 4]);
        Assert.Equal([9f, 8, 7, 6, 5, 4], transposed.data<float>().ToArray());
    }

    [Fact]
    public void Elements_are_read_one_by_one()
    {
        Assert.Equal(2f, tensor([1f, 2f]).ReadCpuSingle(1));
        Assert.Equal(2.0, tensor([1.0, 2.0]).ReadCpuDouble(1));
        Assert.Equal(2L, tensor([1L, 2L]).ReadCpuInt64(1));
        Assert.Equal(2, tensor([1, 2]).ReadCpuInt32(1));
        Assert.Equal((short)2, tensor([1, 2]).to(ScalarType.Int16).ReadCpuInt16(1));
        Assert.Equal((byte)2, tensor([1, 2]).to(ScalarType.Byte).ReadCpuByte(1));
        Assert.Equal((sbyte)2, tensor([1, 2]).to(ScalarType.Int8).ReadCpuSByte(1));
        Assert.True(tensor([false, true]).ReadCpuBool(1));
        Assert.Equal(2f, tensor([1f, 2f]).ReadCpuValue<float>(1));
    }

    [Fact]
    public void Bytes_go_to_a_stream_and_come_back()
    {
        var source = tensor([1f, 2f, 3f]);
        using var stream = new MemoryStream();
        source.WriteBytesToStream(stream);
        Assert.Equal(12, stream.Length);
        stream.Position = 0;
        var target = zeros(3);
        target.ReadBytesFromStream(stream);
        Assert.Equal([1f, 2f, 3f], target.data<float>().ToArray());
    }

    [Fact]
    public void One_tensor_has_the_format_of_a_module_file()
    {
        var bytes = new MemoryStream();
        tensor([1f, 2f]).Save(new BinaryWriter(bytes));
        Assert.Equal([(byte)ScalarType.Float32, 1, 2, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40], bytes.ToArray());
        bytes.Position = 0;
        var target = zeros(2);
        target.Load(new BinaryReader(bytes));
        Assert.Equal([1f, 2f], target.data<float>().ToArray());
    }

    [Fact]
    public void A_converted_tensor_is_an_object_of_its_own()
    {
        var source = ones(2);
        foreach (var same in new[] { source.to(ScalarType.Float32), source.to(CPU), source.cpu(), source.@float(), source.contiguous() })
        {
            Assert.NotSame(source, same);
            same.Dispose();
        }
        Assert.Equal(2, source.sum().item<float>());
    }

    [Fact]
    public void A_tensor_goes_to_a_file_that_PyTorch_reads_and_back()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.pt");
        try
        {
            save(tensor([1f, 2f]), path);
            Assert.Equal([1f, 2f], load(path).data<float>().ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Devices_have_names()
    {
        Assert.Equal(DeviceType.CPU, device("cpu").type);
        Assert.True(ones(1).is_cpu());
        Assert.Equal(4, ScalarType.Float32.ElementSize());
        Assert.Equal(127, max_int_value(ScalarType.Int8));
    }

    [Fact]
    public void An_accessor_copies_from_a_place_to_a_place_and_stops_at_the_shorter_end()
    {
        using var scope = NewDisposeScope();
        var accessor = arange(6f).view(2, 3).T.data<float>();
        var copied = new float[4];
        accessor.CopyTo(copied, 1, 2);
        Assert.Equal([0, 1, 4, 2], copied);
        accessor.CopyTo(copied.AsSpan(), 3);
        Assert.Equal([0, 1, 4, 0], copied);
        accessor.CopyFrom([7, 8, 9], 1, 4);
        Assert.Equal([0, 3, 1, 4, 8, 9], accessor.ToArray());
    }
}
