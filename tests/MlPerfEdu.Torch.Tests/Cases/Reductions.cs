using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class Reductions
{
    public static CaseTable Table { get; } = Filled();

    private static CaseTable Filled()
    {
        var table = new CaseTable("reductions");
        AddSums(table);
        AddExtremes(table);
        AddRest(table);
        return table;
    }

    private static void AddSums(CaseTable table)
    {
        table.Add("sum", i => i["x"].sum(), i => sum(i["x"]));
        table.Add("mean", i => i["x"].mean(), i => mean(i["x"]));
        table.Add("prod", i => i["x"].prod(), i => prod(i["x"]));
        table.Add("std", i => i["x"].std(), i => std(i["x"]));
        table.Add("var", i => i["x"].var(), i => var(i["x"]));
        table.Add("sum_dim", i => i["x"].sum(1), i => sum(i["x"], 1));
        table.Add("sum_dims_keepdim", i => i["x"].sum([0, -1], keepdim: true));
        table.Add("mean_dim", i => i["x"].mean([1]), i => mean(i["x"], [1]));
        table.Add("mean_dims_keepdim", i => i["x"].mean([0, -1], keepdim: true));
        table.Add("prod_dim", i => i["x"].prod(1), i => prod(i["x"], 1));
        table.Add("std_dim", i => i["x"].std(1));
        table.Add("std_population", i => i["x"].std(1, unbiased: false, keepdim: true));
        table.Add("var_dim", i => i["x"].var(1));
        table.Add("var_population", i => i["x"].var(1, unbiased: false, keepdim: true));
        table.Add("sum_as_double", i => i["x"].sum(ScalarType.Float64));
        table.Add("sum_of_int32_is_int64", i => i["x"].sum());
        table.Add("sum_of_bool", i => i["x"].sum(0L));
        table.Add("sum_empty", i => i["x"].sum());
        table.Add("sum_dim_empty", i => i["x"].sum(0L));
        table.Add("mean_empty_is_nan", i => i["x"].mean());
        table.Add("sum_transposed", i => i["x"].sum(0L));
        table.Add("sum_with_nan", i => i["x"].sum());
        table.Add("cumsum", i => i["x"].cumsum(1), i => cumsum(i["x"], 1));
        table.Add("cumprod", i => i["x"].cumprod(0), i => cumprod(i["x"], 0));
        table.Add("var_mean", i => var_mean(i["x"], 1), i => i["x"].var_mean(1));
        table.Add("std_mean", i => std_mean(i["x"], 1), i => i["x"].std_mean(1));
    }

    private static void AddExtremes(CaseTable table)
    {
        table.Add("max", i => i["x"].max(), i => max(i["x"]));
        table.Add("min", i => i["x"].min(), i => min(i["x"]));
        table.Add("max_with_nan", i => i["x"].max());
        table.Add("max_dim", i => i["x"].max(1), i => max(i["x"], 1));
        table.Add("min_dim_keepdim", i => i["x"].min(0, keepdim: true), i => min(i["x"], 0, keepdim: true));
        table.Add("amax", i => i["x"].amax([0, 2]), i => amax(i["x"], [0, 2]));
        table.Add("amin", i => i["x"].amin([1], keepdim: true), i => amin(i["x"], [1], keepdim: true));
        table.Add("argmax", i => i["x"].argmax(), i => argmax(i["x"]));
        table.Add("argmax_dim", i => i["x"].argmax(1), i => argmax(i["x"], 1));
        table.Add("argmin", i => i["x"].argmin(), i => argmin(i["x"]));
        table.Add("argmin_dim_keepdim", i => i["x"].argmin(0, keepdim: true), i => argmin(i["x"], 0, keepdim: true));
        table.Add("median", i => i["x"].median(), i => median(i["x"]));
        table.Add("quantile", i => i["x"].quantile(tensor(0.3f)), i => quantile(i["x"], tensor(0.3f)));
    }

    private static void AddRest(CaseTable table)
    {
        table.Add("all", i => i["x"].all(), i => all(i["x"]));
        table.Add("all_dim", i => i["x"].all(1), i => all(i["x"], 1));
        table.Add("any", i => i["x"].any(), i => any(i["x"]));
        table.Add("any_dim", i => i["x"].any(1), i => any(i["x"], 1));
        table.Add("norm", i => i["x"].norm());
        table.Add("norm_1", i => i["x"].norm(1f), i => norm(i["x"], 1f));
        table.Add("norm_dim", i => i["x"].norm(1, keepdim: false, p: 2f));
        table.Add("logsumexp", i => i["x"].logsumexp(1), i => logsumexp(i["x"], 1));
        table.Add("logsumexp_far_out", i => i["x"].logsumexp(0));
        table.Add("count_nonzero", i => i["x"].count_nonzero(), i => count_nonzero(i["x"]));
        table.Add("bincount", i => i["x"].bincount(null, 7), i => bincount(i["x"], minlength: 7));
        table.Add("histc", i => histc(i["x"], 5, -2, 2), i => i["x"].histc(5, -2, 2));
        table.Add("aminmax", i => i["x"].aminmax(1), i => aminmax(i["x"], 1));
        table.Add("cummax", i => i["x"].cummax(1), i => cummax(i["x"], 1));
        table.Add("cummin", i => i["x"].cummin(1), i => cummin(i["x"], 1));
        table.Add("logcumsumexp", i => i["x"].logcumsumexp(1), i => logcumsumexp(i["x"], 1));
        table.Add("mode", i => i["x"].mode(1), i => mode(i["x"], 1));
        table.Add("nansum", i => i["x"].nansum(), i => nansum(i["x"]));
        table.Add("nanmedian", i => i["x"].nanmedian(), i => nanmedian(i["x"]));
        table.Add("dist", i => i["a"].dist(i["b"], 2), i => dist(i["a"], i["b"], 2));
        table.Add("norm_flat", i => norm(i["x"]));
        table.Add("is_nonzero", i => i["x"].is_nonzero());
        table.Add("bucketize", i => i["x"].bucketize(i["b"]), i => bucketize(i["x"], i["b"]));
        table.Add("isin_method", i => i["x"].isin(i["y"]));
        table.Add("equal", i => i["a"].Equals(i["a"].clone()));
        table.Add("not_equal_values", i => i["a"].Equals(i["b"]));
        table.Add("allclose", i => i["a"].allclose(i["a"] + 1e-9), i => allclose(i["a"], i["a"] + 1e-9));
        table.Add("not_allclose", i => i["a"].allclose(i["a"] + 1e-3));
        table.Add("item", i => i["a"].sum().item<double>(), i => i["a"].sum().ToDouble());
    }
}
