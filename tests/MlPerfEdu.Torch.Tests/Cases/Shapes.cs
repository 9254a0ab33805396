using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class Shapes
{
    public static CaseTable Table { get; } = Filled();

    private static CaseTable Filled()
    {
        var table = new CaseTable("shapes");
        AddViews(table);
        AddJoins(table);
        AddTypes(table);
        return table;
    }

    private static void AddViews(CaseTable table)
    {
        table.Add("reshape", i => i["x"].reshape(4, 3), i => reshape(i["x"], 4, 3));
        table.Add("reshape_inferred", i => i["x"].reshape(-1, 2));
        table.Add("view", i => i["x"].view(3, -1));
        table.Add("view_as", i => i["x"].view_as(i["y"]));
        table.Add("flatten", i => i["x"].flatten(), i => flatten(i["x"]), i => i["x"].ravel(), i => ravel(i["x"]));
        table.Add("flatten_from", i => i["x"].flatten(1), i => flatten(i["x"], 1));
        table.Add("unflatten", i => i["x"].unflatten(1, 2, 3), i => unflatten(i["x"], 1, [2, 3]));
        table.Add("squeeze", i => i["x"].squeeze(), i => squeeze(i["x"]));
        table.Add("squeeze_dim", i => i["x"].squeeze(0), i => squeeze(i["x"], 0));
        table.Add("unsqueeze", i => i["x"].unsqueeze(-1), i => unsqueeze(i["x"], -1));
        table.Add("transpose", i => i["x"].transpose(0, 2), i => transpose(i["x"], 0, 2));
        table.Add("t", i => i["x"].t(), i => t(i["x"]));
        table.Add("T", i => i["x"].T);
        table.Add("mT", i => i["x"].mT);
        table.Add("permute", i => i["x"].permute(2, 0, 1), i => permute(i["x"], 2, 0, 1));
        table.Add("movedim",
            i => i["x"].movedim([0], [2]), i => movedim(i["x"], [0], [2]), i => i["x"].moveaxis([0], [2]),
            i => moveaxis(i["x"], [0], [2]));
        table.Add("swapaxes",
            i => i["x"].swapaxes(0, 1), i => swapaxes(i["x"], 0, 1), i => i["x"].swapdims(0, 1), i => swapdims(i["x"], 0, 1));
        table.Add("expand", i => i["x"].expand(3, 2, 4));
        table.Add("expand_as", i => i["x"].expand_as(i["y"]));
        table.Add("broadcast_to", i => i["x"].broadcast_to(2, 3), i => broadcast_to(i["x"], 2, 3));
        table.Add("contiguous", i => i["x"].contiguous());
        table.Add("is_contiguous", i => i["x"].is_contiguous());
        table.Add("is_not_contiguous", i => i["x"].is_contiguous());
        table.Add("unfold", i => i["x"].unfold(1, 3, 2));
        table.Add("as_strided", i => i["x"].as_strided([3, 4], [2, 1]));
        table.Add("diagonal", i => i["x"].diagonal(1, 0, 1), i => diagonal(i["x"], 1, 0, 1));
        table.Add("diag", i => i["x"].diag(), i => diag(i["x"]));
        table.Add("tril", i => i["x"].tril(-1), i => tril(i["x"], -1));
        table.Add("triu", i => i["x"].triu(1), i => triu(i["x"], 1));
        table.Add("narrow", i => i["x"].narrow(1, 1, 2), i => narrow(i["x"], 1, 1, 2));
        table.Add("select", i => i["x"].select(1, -1), i => select(i["x"], 1, -1));
    }

    private static void AddJoins(CaseTable table)
    {
        table.Add("repeat", i => i["x"].repeat(2, 3));
        table.Add("repeat_interleave", i => i["x"].repeat_interleave(2, 1), i => repeat_interleave(i["x"], 2, 1));
        table.Add("tile", i => tile(i["x"], [2, 2]), i => i["x"].tile([2, 2]));
        table.Add("cat", i => cat([i["a"], i["b"]], 1), i => concat([i["a"], i["b"]], 1), i => concatenate([i["a"], i["b"]], 1));
        table.Add("cat_empty", i => cat([i["a"], i["b"]]));
        table.Add("stack", i => stack([i["a"], i["b"]], -1));
        table.Add("hstack", i => hstack([i["a"], i["b"]]));
        table.Add("vstack", i => vstack([i["a"], i["b"]]));
        table.Add("chunk", i => i["x"].chunk(3, 1), i => chunk(i["x"], 3, 1));
        table.Add("split", i => i["x"].split(3, 1));
        table.Add("split_sizes", i => i["x"].split([1, 4, 2], 1), i => split(i["x"], [1, 4, 2], 1));
        table.Add("unbind", i => i["x"].unbind(1), i => unbind(i["x"], 1));
        table.Add("flip", i => i["x"].flip(0, 1), i => flip(i["x"], 0, 1));
        table.Add("roll", i => i["x"].roll(2, 1), i => roll(i["x"], 2, 1));
        table.Add("repeat_interleave_tensor", i => i["x"].repeat_interleave(i["n"]), i => repeat_interleave(i["x"], i["n"]));
        table.Add("tensor_split", i => i["x"].tensor_split(3, 1), i => tensor_split(i["x"], 3, 1));
        table.Add("diag_embed", i => i["x"].diag_embed(), i => diag_embed(i["x"]));
        table.Add("fliplr", i => i["x"].fliplr(), i => fliplr(i["x"]));
        table.Add("flipud", i => i["x"].flipud(), i => flipud(i["x"]));
        table.Add("argwhere", i => i["x"].argwhere(), i => argwhere(i["x"]));
        table.Add("block_diag", i => block_diag(i["a"], i["b"]));
        table.Add("cartesian_prod", i => cartesian_prod(i["a"], i["b"]));
        table.Add("channel_shuffle", i => i["x"].channel_shuffle(2));
        table.Add("msort", i => i["x"].msort(), i => msort(i["x"]));
        table.Add("meshgrid", i => meshgrid([i["a"], i["b"]]));
    }

    private static void AddTypes(CaseTable table)
    {
        table.Add("clone_of_strided", i => i["x"].clone(), i => clone(i["x"]));
        table.Add("to_double",
            i => i["x"].to(ScalarType.Float64), i => i["x"].to_type(ScalarType.Float64), i => i["x"].@double(),
            i => i["x"].type(ScalarType.Float64));
        table.Add("to_bfloat16", i => i["x"].to(ScalarType.BFloat16), i => i["x"].bfloat16());
        table.Add("to_half", i => i["x"].to(ScalarType.Float16), i => i["x"].half());
        table.Add("to_int32_truncates", i => i["x"].to(ScalarType.Int32), i => i["x"].@int());
        table.Add("to_bool", i => i["x"].to(ScalarType.Bool), i => i["x"].@bool());
        table.Add("int_to_float", i => i["x"].to(ScalarType.Float32), i => i["x"].@float());
        table.Add("to_uint8", i => i["x"].to(ScalarType.Byte), i => i["x"].@byte());
        table.Add("to_int8", i => i["x"].to(ScalarType.Int8), i => i["x"].@char());
        table.Add("to_int16", i => i["x"].to(ScalarType.Int16), i => i["x"].@short());
        table.Add("to_int64", i => i["x"].to(ScalarType.Int64), i => i["x"].@long());
        table.Add("type_as", i => i["x"].type_as(i["y"]));
        table.Add("is_floating_point",
            i => i["x"].is_floating_point(), i => is_floating_point(i["x"]), i => !i["x"].is_integral(), i => !is_integral(i["x"]));
        table.Add("is_complex", i => i["x"].is_complex(), i => is_complex(i["x"]));
        table.Add("sparse_and_back", i => i["x"].to_sparse().to_dense());
        table.Add("sparse_coo", i => sparse_coo_tensor(i["i"], i["x"], [2, 3]).to_dense());
        table.Add("sparse_one_dimension", i => i["x"].to_sparse(1).to_dense());
        table.Add("sparse_repeated", i => sparse_coo_tensor(i["i"], i["x"], [2, 2]).to_dense());
        table.Add("storage_offset", i => i["x"][1..].storage_offset());
        table.Add("detach", i => i["x"].detach());
        table.Add("shape", i => i["x"].shape, i => i["x"].size());
        table.Add("strides", i => i["x"].stride());
        table.Add("numel", i => i["x"].numel(), i => i["x"].NumberOfElements);
        table.Add("dim", i => i["x"].dim(), i => i["x"].Dimensions, i => i["x"].ndim);
        table.Add("size", i => i["x"].size(-1));
        table.Add("element_size", i => i["x"].element_size(), i => i["x"].ElementSize);
    }
}
