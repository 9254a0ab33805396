using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Views with another shape, and copies where none is possible.</summary>
    public partial class Tensor
    {
        public Tensor view(params long[] shape) => Aten.view.Tensor(this, shape);
        public Tensor view_as(Tensor other) => view(other.shape);
        public Tensor view_as_complex() => Aten.view_as_complex.Tensor(this);
        public Tensor view_as_real() => Aten.view_as_real.Tensor(this);
        public Tensor reshape(params long[] shape) => Aten.reshape.Tensor(this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Aten.flatten_using_ints.Tensor(this, start_dim, end_dim);
        public Tensor unflatten(long dim, params long[] sizes) => Aten.unflatten_int.Tensor(this, dim, sizes);
        public Tensor squeeze(long? dim = null) => dim is { } given ? Aten.squeeze_dim.Tensor(this, given) : Aten.squeeze.Tensor(this);
        public Tensor squeeze_(long? dim = null) => dim is { } given ? Aten.squeeze__dim.On(this, given) : Aten.squeeze_.On(this);
        public Tensor unsqueeze(long dim) => Aten.unsqueeze.Tensor(this, dim);
        public Tensor unsqueeze_(long dim) => Aten.unsqueeze_.On(this, dim);
        public Tensor t() => Aten.t.Tensor(this);
        public Tensor transpose(long dim0, long dim1) => Aten.transpose_int.Tensor(this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) => Aten.transpose_.On(this, dim0, dim1);
        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor permute(params long[] permutation) => Aten.permute.Tensor(this, permutation);
        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());
        public Tensor movedim(long[] source, long[] destination) => Aten.movedim_intlist.Tensor(this, source, destination);
        public Tensor moveaxis(long[] source, long[] destination) => movedim(source, destination);
        public Tensor expand(long[] sizes, bool isImplicit = false) => Aten.expand.Tensor(this, sizes, isImplicit);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => expand(sizes.ToArray(), isImplicit);
        public Tensor expand(params long[] sizes) => expand(sizes, false);
        public Tensor expand_as(Tensor other) => expand(other.shape);
        public Tensor broadcast_to(params long[] shape) => Aten.broadcast_to.Tensor(this, shape);
        public Tensor repeat(params long[] sizes) => Aten.repeat.Tensor(this, sizes);
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Aten.repeat_interleave_self_int.Tensor(this, repeats, dim, output_size);
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Aten.repeat_interleave_self_Tensor.Tensor(this, repeats, dim, output_size);
        public Tensor tile(long[] reps) => Aten.tile.Tensor(this, reps);
        public Tensor ravel() => Aten.ravel.Tensor(this);
        public Tensor flip(params long[] dims) => Aten.flip.Tensor(this, dims);
        public Tensor fliplr() => Aten.fliplr.Tensor(this);
        public Tensor flipud() => Aten.flipud.Tensor(this);
        public Tensor roll(long shifts, long? dims = null) =>
            Aten.roll.Tensor(this, Arg.Ints([shifts]), dims is { } given ? Arg.Ints([given]) : Arg.Ints([]));
        public Tensor roll(long[] shifts, long[] dims) => Aten.roll.Tensor(this, shifts, dims);
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0L) =>
            Aten.as_strided.Tensor(this, size, strides, storageOffset);
        public Tensor unfold(long dimension, long size, long step) => Aten.unfold.Tensor(this, dimension, size, step);
        public Tensor tril(long diagonal = 0) => Aten.tril.Tensor(this, diagonal);
        public Tensor tril_(long diagonal = 0) => Aten.tril_.On(this, diagonal);
        public Tensor triu(long diagonal = 0) => Aten.triu.Tensor(this, diagonal);
        public Tensor triu_(long diagonal = 0) => Aten.triu_.On(this, diagonal);
        public Tensor diag(long diagonal = 0) => Aten.diag.Tensor(this, diagonal);
        public Tensor diagonal(long offset = 0L, long dim1 = 0L, long dim2 = 1L) => Aten.diagonal.Tensor(this, offset, dim1, dim2);
        public Tensor diag_embed(long offset = 0L, long dim1 = -2L, long dim2 = -1L) => Aten.diag_embed.Tensor(this, offset, dim1, dim2);
        public Tensor trace() => Aten.trace.Tensor(this);
        public Tensor contiguous() => Aten.contiguous.Tensor(this);
        public Tensor channel_shuffle(long groups) => Aten.channel_shuffle.Tensor(this, groups);

        public Tensor T => Aten.numpy_T.Tensor(this);

        public Tensor mT => Aten.mT.Tensor(this);
    }

    public static Tensor view_as_complex(Tensor input) => input.view_as_complex();
    public static Tensor view_as_real(Tensor input) => input.view_as_real();
    public static Tensor reshape(Tensor input, params long[] shape) => input.reshape(shape);
    public static Tensor flatten(Tensor input, long start_dim = 0, long end_dim = -1) => input.flatten(start_dim, end_dim);
    public static Tensor unflatten(Tensor input, long dim, params long[] sizes) => input.unflatten(dim, sizes);
    public static Tensor squeeze(Tensor input, long? dim = null) => input.squeeze(dim);
    public static Tensor squeeze_(Tensor input, long? dim = null) => input.squeeze_(dim);
    public static Tensor unsqueeze(Tensor input, long dim) => input.unsqueeze(dim);
    public static Tensor unsqueeze_(Tensor input, long dim) => input.unsqueeze_(dim);
    public static Tensor t(Tensor input) => input.t();
    public static Tensor transpose(Tensor input, long dim0, long dim1) => input.transpose(dim0, dim1);
    public static Tensor swapaxes(Tensor input, long axis0, long axis1) => input.swapaxes(axis0, axis1);
    public static Tensor swapdims(Tensor input, long dim0, long dim1) => input.swapdims(dim0, dim1);
    public static Tensor permute(Tensor input, params long[] permutation) => input.permute(permutation);
    public static Tensor movedim(Tensor input, long[] source, long[] destination) => input.movedim(source, destination);
    public static Tensor moveaxis(Tensor input, long[] source, long[] destination) => input.moveaxis(source, destination);
    public static Tensor broadcast_to(Tensor input, params long[] shape) => input.broadcast_to(shape);
    public static Tensor repeat_interleave(Tensor input, long repeats, long? dim = null, long? output_size = null) =>
        input.repeat_interleave(repeats, dim, output_size);
    public static Tensor repeat_interleave(Tensor input, Tensor repeats, long? dim = null, long? output_size = null) =>
        input.repeat_interleave(repeats, dim, output_size);
    public static Tensor tile(Tensor input, long[] dims) => input.tile(dims);
    public static Tensor ravel(Tensor input) => input.ravel();
    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);
    public static Tensor fliplr(Tensor input) => input.fliplr();
    public static Tensor flipud(Tensor input) => input.flipud();
    public static Tensor roll(Tensor input, long shifts, long? dims = null) => input.roll(shifts, dims);
    public static Tensor roll(Tensor input, long[] shifts, long[] dims) => input.roll(shifts, dims);
    public static Tensor tril(Tensor input, long diagonal = 0) => input.tril(diagonal);
    public static Tensor triu(Tensor input, long diagonal = 0) => input.triu(diagonal);
    public static Tensor tril_(Tensor input, long diagonal = 0) => input.tril_(diagonal);
    public static Tensor triu_(Tensor input, long diagonal = 0) => input.triu_(diagonal);
    public static Tensor tril_indices(long row, long col, long offset = 0L, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Aten.tril_indices.Tensor(row, col, offset, dtype, Arg.None, device);
    public static Tensor triu_indices(long row, long col, long offset = 0L, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Aten.triu_indices.Tensor(row, col, offset, dtype, Arg.None, device);
    public static Tensor diag(Tensor input, long diagonal = 0) => input.diag(diagonal);
    public static Tensor diagonal(Tensor input, long offset = 0L, long dim1 = 0L, long dim2 = 1L) => input.diagonal(offset, dim1, dim2);
    public static Tensor diag_embed(Tensor input, long offset = 0L, long dim1 = -2L, long dim2 = -1L) =>
        input.diag_embed(offset, dim1, dim2);
    public static Tensor trace(Tensor input) => input.trace();
}
