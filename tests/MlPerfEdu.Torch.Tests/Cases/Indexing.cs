using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class Indexing
{
    public static CaseTable Table { get; } = Filled();

    private static CaseTable Filled()
    {
        var table = new CaseTable("indexing");
        AddReads(table);
        AddWrites(table);
        AddSearches(table);
        return table;
    }

    private static void AddReads(CaseTable table)
    {
        table.Add("one", i => i["x"][1], i => i["x"][TensorIndex.Single(1)]);
        table.Add("one_negative", i => i["x"][-1, -2]);
        table.Add("slice", i => i["x"][1..3], i => i["x"][TensorIndex.Slice(1, 3)], i => i["x"].slice(0, 1, 3, 1));
        table.Add("slice_step", i => i["x"][TensorIndex.Colon, TensorIndex.Slice(null, null, 2)], i => i["x"].slice(1, 0, 5, 2));
        table.Add("slice_from_end", i => i["x"][TensorIndex.Colon, TensorIndex.Slice(-2)], i => i["x"][.., ^2..]);
        table.Add("ellipsis", i => i["x"][TensorIndex.Ellipsis, 1], i => i["x"][TensorIndex.Ellipsis, TensorIndex.Single(1)]);
        table.Add("new_axis", i => i["x"][TensorIndex.Colon, TensorIndex.None], i => i["x"][TensorIndex.Colon, TensorIndex.Null]);
        table.Add("by_tensor", i => i["x"][i["i"]], i => i["x"].index(i["i"]), i => i["x"][TensorIndex.Tensor(i["i"])]);
        table.Add("by_tensor_and_slice", i => i["x"][TensorIndex.Colon, TensorIndex.Tensor(i["i"])]);
        table.Add("by_two_tensors", i => i["x"][i["i"], i["j"]], i => i["x"].index(i["i"], i["j"]));
        table.Add("by_mask", i => i["x"][i["m"]]);
        table.Add("index_select", i => i["x"].index_select(1, i["i"]), i => index_select(i["x"], 1, i["i"]));
        table.Add("gather", i => i["x"].gather(1, i["i"]), i => gather(i["x"], 1, i["i"]));
        table.Add("take", i => i["x"].take(i["i"]), i => take(i["x"], i["i"]));
        table.Add("take_along_dim", i => i["x"].take_along_dim(i["i"], 1), i => take_along_dim(i["x"], i["i"], 1));
        table.Add("masked_select", i => i["x"].masked_select(i["m"]), i => masked_select(i["x"], i["m"]));
    }

    private static void AddWrites(CaseTable table)
    {
        table.Add("set_one", i => Written(i["x"], x => x[1] = tensor(9f)));
        table.Add("set_slice", i => Written(i["x"], x => x[1..3] = i["y"]), i => Written(i["x"], x => x[TensorIndex.Slice(1, 3)] = i["y"]));
        table.Add("set_mask", i => Written(i["x"], x => x[i["m"]] = tensor(-1f)));
        table.Add("index_add",
            i => i["x"].index_add(0, i["i"], i["y"], 1), i => i["x"].clone().index_add_(0, i["i"], i["y"], 1),
            i => index_add(i["x"], 0, i["i"], i["y"], 1), i => index_add_(i["x"].clone(), 0, i["i"], i["y"], 1));
        table.Add("index_fill", i => i["x"].index_fill(1, i["i"], 2.5), i => i["x"].clone().index_fill_(1, i["i"], 2.5));
        table.Add("index_copy",
            i => i["x"].index_copy(0, i["i"], i["y"]), i => i["x"].clone().index_copy_(0, i["i"], i["y"]),
            i => index_copy(i["x"], 0, i["i"], i["y"]), i => index_copy_(i["x"].clone(), 0, i["i"], i["y"]));
        table.Add("index_put", i => i["x"].clone().index_put_(i["y"], i["i"]));
        table.Add("index_put_accumulate", i => i["x"].clone().index_put_(i["y"], [i["i"]], accumulate: true));
        table.Add("scatter",
            i => i["x"].scatter(1, i["i"], i["y"]), i => i["x"].clone().scatter_(1, i["i"], i["y"]),
            i => scatter(i["x"], 1, i["i"], i["y"]), i => scatter_(i["x"].clone(), 1, i["i"], i["y"]));
        table.Add("scatter_add",
            i => i["x"].scatter_add(1, i["i"], i["y"]), i => i["x"].clone().scatter_add_(1, i["i"], i["y"]),
            i => scatter_add(i["x"], 1, i["i"], i["y"]), i => scatter_add_(i["x"].clone(), 1, i["i"], i["y"]));
        table.Add("select_scatter", i => i["x"].select_scatter(i["y"], 1, 2), i => select_scatter(i["x"], i["y"], 1, 2));
        table.Add("slice_scatter", i => i["x"].slice_scatter(i["y"], 1, 1, 4, 2), i => slice_scatter(i["x"], i["y"], 1, 1, 4, 2));
        table.Add("diagonal_scatter", i => i["x"].diagonal_scatter(i["y"], 1), i => diagonal_scatter(i["x"], i["y"], 1));
        table.Add("write_narrow",
            i => Written(i["x"], x => x.narrow(1, 2, 2).copy_(i["y"])), i => Written(i["x"], x => x[.., 2..4] = i["y"]),
            i => Written(i["x"], x => x[TensorIndex.Ellipsis, TensorIndex.Slice(2, 4)] = i["y"]));
        table.Add("write_select", i => Written(i["x"], x => x.select(0, 1).copy_(i["y"])), i => Written(i["x"], x => x[1] = i["y"]));
        table.Add("write_add", i => Written(i["x"], x => x[1..3].add_(i["y"])), i => Written(i["x"], x => x[1..3] += i["y"]));
        table.Add("write_int_index",
            i => i["x"].index_fill(0, i["i"], 7), i => Written(i["x"], x => x.index_put_(tensor(7L), i["i"])),
            i => index_fill(i["x"], 0, i["i"], 7), i => index_fill_(i["x"].clone(), 0, i["i"], 7));
    }

    private static void AddSearches(CaseTable table)
    {
        table.Add("nonzero", i => i["x"].nonzero(), i => nonzero(i["x"]));
        table.Add("topk", i => i["x"].topk(2, 1), i => topk(i["x"], 2, 1));
        table.Add("topk_smallest", i => i["x"].topk(2, 0, largest: false));
        table.Add("sort", i => i["x"].sort(1), i => sort(i["x"], 1));
        table.Add("sort_descending", i => i["x"].sort(0, descending: true));
        table.Add("argsort", i => i["x"].argsort(1), i => argsort(i["x"], 1));
        table.Add("argsort_descending", i => i["x"].argsort(0, descending: true));
        table.Add("unique", i => i["x"].unique().output, i => unique(i["x"]).output);
        table.Add("unique_all",
            i => All(i["x"].unique(return_inverse: true, return_counts: true)), i => All(unique(i["x"], true, true, true)));
        table.Add("unique_counts", i => All(i["x"].unique(return_counts: true)));
        table.Add("unique_consecutive_inverse", i => All(i["x"].unique_consecutive(return_inverse: true)));
        table.Add("unique_rows", i => i["x"].unique(dim: 0).output);
        table.Add("unique_consecutive",
            i => All(i["x"].unique_consecutive(true, true)),
            i => All(unique_consecutive(i["x"], return_inverse: true, return_counts: true)));
        table.Add("searchsorted", i => searchsorted(i["x"], i["y"]));
        table.Add("searchsorted_right", i => searchsorted(i["x"], 0.5, false, true, null!));
        table.Add("tril_indices", _ => tril_indices(3, 4, -1));
        table.Add("triu_indices", _ => triu_indices(3, 3, 1));
        table.Add("one_hot", i => nn.functional.one_hot(i["x"], 6));
        table.Add("kthvalue", i => kthvalue(i["x"], 2, 1), i => i["x"].kthvalue(2, 1));
        table.Add("isin", i => isin(i["x"], i["y"]));
    }

    private static Outputs All((Tensor Output, Tensor? Inverse, Tensor? Counts) unique) =>
        new([.. new[] { unique.Output, unique.Inverse, unique.Counts }.OfType<Tensor>()]);

    private static Tensor Written(Tensor source, Action<Tensor> write)
    {
        var copy = source.clone();
        write(copy);
        return copy;
    }
}
