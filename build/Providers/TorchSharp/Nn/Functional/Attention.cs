using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>softmax(query·keyᵀ / √width + mask)·value. A boolean mask is true where a query may look.</summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null,
                double p = 0.0, bool is_casual = false) =>
                Aten.scaled_dot_product_attention.Exists
                    ? Aten.scaled_dot_product_attention.Tensor(query, key, value, attn_mask, p, is_casual)
                    : ComposedAttention(query, key, value, attn_mask, p, is_casual);

            // For libtorch before 2.0.
            internal static Tensor ComposedAttention(Tensor query, Tensor key, Tensor value, Tensor? mask, double p, bool causal)
            {
                if (causal && mask is not null) throw new ArgumentException("Give a mask or is_casual, not both.");
                using var scope = NewDisposeScope();
                var scaled = query * (1 / Math.Sqrt(query.size(-1)));
                var scores = scaled.matmul(key.transpose(-2, -1));
                if (causal) mask = ones(query.size(-2), key.size(-2), @bool).tril();
                if (mask?.dtype == ScalarType.Bool) scores = scores.masked_fill(mask.logical_not(), double.NegativeInfinity);
                else if (mask is not null) scores = scores + mask;
                var weights = scores.softmax(-1);
                if (p > 0) weights = dropout(weights, p);
                return weights.matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
