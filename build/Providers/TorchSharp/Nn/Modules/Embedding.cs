using TorchSharp.Interop;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A table of rows, looked up by number.</summary>
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly long? _paddingIndex;
        private readonly double? _maxNorm;
        private readonly double _normType;
        private readonly bool _scaleByFrequency, _sparse;
        [ComponentName(Name = nameof(weight))]
        private Parameter? _weight;

        internal Embedding(Parameter weight, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse)
            : base(nameof(Embedding))
        {
            (_paddingIndex, _maxNorm, _normType) = (padding_idx, max_norm, norm_type);
            (_scaleByFrequency, _sparse) = (scale_grad_by_freq, sparse);
            this.weight = weight;
        }

        public Parameter? weight
        {
            get => _weight;
            set => Own(ref _weight, value, nameof(weight));
        }

        public override Tensor forward(Tensor input)
        {
            if (_maxNorm is { } bound)
            {
                using (no_grad()) Aten.embedding_renorm_.Run(weight, input, bound, _normType);
            }
            return Aten.embedding.Tensor(weight, input, _paddingIndex ?? -1, _scaleByFrequency, _sparse);
        }
    }

    /// <summary>Sums, means or maxima of rows of a table, without making the rows first.</summary>
    public sealed class EmbeddingBag : nn.Module<Tensor, Tensor?, Tensor?, Tensor>, nn.IModule<Tensor, Tensor, Tensor>
    {
        private readonly double? _maxNorm;
        private readonly double _normType;
        private readonly EmbeddingBagMode _mode;
        private readonly bool _scaleByFrequency, _sparse, _includeLastOffset;
        private readonly long _paddingIndex;
        [ComponentName(Name = nameof(weight))]
        private Parameter? _weight;

        internal EmbeddingBag(Parameter weight, double? max_norm, double norm_type, bool scale_grad_by_freq, EmbeddingBagMode mode,
            bool sparse, bool include_last_offset, long padding_index) : base(nameof(EmbeddingBag))
        {
            (_maxNorm, _normType, _mode, _scaleByFrequency) = (max_norm, norm_type, mode, scale_grad_by_freq);
            (_sparse, _includeLastOffset, _paddingIndex) = (sparse, include_last_offset, padding_index);
            this.weight = weight;
        }

        public Parameter? weight
        {
            get => _weight;
            set => Own(ref _weight, value, nameof(weight));
        }

        public Tensor call(Tensor input) => call(input, null, null);

        public Tensor call(Tensor input, Tensor offsets) => call(input, offsets, null);

        public override Tensor forward(Tensor input, Tensor? offsets, Tensor? perSampleWeights)
        {
            Check(input, offsets);
            using var flat = input.reshape(-1);
            using var flatWeights = perSampleWeights?.reshape(-1);
            using var starts = offsets is null ? arange(0, input.numel(), input.size(1), input.dtype) : null;
            if (_maxNorm is { } bound)
            {
                using (no_grad()) Aten.embedding_renorm_.Run(weight, flat, bound, _normType);
            }
            var results = Aten.embedding_bag_padding_idx.List(weight, flat, offsets ?? starts, _scaleByFrequency, (long)_mode, _sparse,
                flatWeights, _includeLastOffset, _paddingIndex < 0 ? (long?)null : _paddingIndex);
            foreach (var unused in results[1..]) unused.Dispose();
            return results[0];
        }

        private static void Check(Tensor input, Tensor? offsets)
        {
            if (!input.is_integral()) throw new ArgumentException($"Embedding input must be an integral tensor, found {input.dtype}.");
            if (input.ndim == 1 && offsets is null) throw new ArgumentException("'offsets' must be non-null for a 1-D input.");
            if (input.ndim == 2 && offsets is not null) throw new ArgumentException("'offsets' must be null for a 2-D input.");
            if (offsets is not null && offsets.dtype != input.dtype)
                throw new ArgumentException("input and offsets must have the same element type.");
        }
    }
}

namespace TorchSharp
{
    using Modules;

    public enum EmbeddingBagMode
    {
        Sum = 0, Mean = 1, Max = 2,
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null,
                double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null,
                ScalarType? dtype = null)
            {
                var table = init.normal_(empty(num_embeddings, embedding_dims, dtype, device));
                if (padding_idx is { } row)
                {
                    using var padding = table[row];
                    padding.zero_();
                }
                return new(new Parameter(table), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
            }

            public static Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null,
                double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false,
                Device? device = null, ScalarType? dtype = null) =>
                new(Table(embeddings, freeze, device, dtype), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);

            public static EmbeddingBag EmbeddingBag(long num_embeddings, long embedding_dims, double? max_norm = null,
                double norm_type = 2.0, bool scale_grad_by_freq = false, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool sparse = false,
                bool include_last_offset = false, long padding_index = -1, Device? device = null, ScalarType? dtype = null) =>
                new(new Parameter(init.normal_(empty(num_embeddings, embedding_dims, dtype, device))), max_norm, norm_type,
                    scale_grad_by_freq, mode, sparse, include_last_offset, padding_index);

            public static EmbeddingBag EmbeddingBag_from_pretrained(Tensor embeddings, bool freeze = true, double? max_norm = null,
                double norm_type = 2.0, bool scale_grad_by_freq = false, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool sparse = false,
                bool include_last_offset = false, long padding_index = -1, Device? device = null, ScalarType? dtype = null) =>
                new(Table(embeddings, freeze, device, dtype), max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset,
                    padding_index);

            private static Parameter Table(Tensor embeddings, bool freeze, Device? device, ScalarType? dtype) =>
                new(embeddings.detach().to(dtype ?? embeddings.dtype, device ?? embeddings.device, disposeAfter: true), !freeze);
        }
    }
}
