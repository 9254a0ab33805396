using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>The weights of a recurrent network, layer by layer and direction by direction, in libtorch's order.</summary>
    internal sealed class RecurrentWeights
    {
        private readonly List<(string Name, Parameter Value)> _all = [];

        internal RecurrentWeights(RecurrentShape shape, int gates, Device? device, ScalarType? dtype)
        {
            var bound = shape.Hidden > 0 ? 1 / Math.Sqrt(shape.Hidden) : 0;
            for (var layer = 0L; layer < shape.Layers; layer++)
            {
                foreach (var suffix in shape.Bidirectional ? new[] { "", "_reverse" } : [""])
                {
                    var inputs = layer == 0 ? shape.Inputs : shape.Hidden * (shape.Bidirectional ? 2 : 1);
                    Add($"weight_ih_l{layer}{suffix}", [gates * shape.Hidden, inputs]);
                    Add($"weight_hh_l{layer}{suffix}", [gates * shape.Hidden, shape.Hidden]);
                    if (!shape.Bias) continue;
                    Add($"bias_ih_l{layer}{suffix}", [gates * shape.Hidden]);
                    Add($"bias_hh_l{layer}{suffix}", [gates * shape.Hidden]);
                }
            }
            foreach (var (_, weight) in _all) nn.init.uniform_(weight, -bound, bound);

            void Add(string name, long[] size)
            {
                var weight = new Parameter(empty(size, dtype, device));
                weight.DetachFromDisposeScope();
                _all.Add((name, weight));
            }
        }

        internal IEnumerable<(string Name, Parameter Value)> All => _all;

        internal Tensor[] Tensors => [.. _all.Select(weight => weight.Value)];
    }

    internal sealed record RecurrentShape(long Inputs, long Hidden, long Layers, bool Bias, bool BatchFirst, double Dropout,
        bool Bidirectional)
    {
        /// <summary>A state of zeros for every layer and direction.</summary>
        internal Tensor InitialState(Tensor input)
        {
            var states = Layers * (Bidirectional ? 2 : 1);
            return input.ndim == 2
                ? zeros(states, Hidden, input.dtype, input.device)
                : zeros(states, input.size(BatchFirst ? 0 : 1), Hidden, input.dtype, input.device);
        }
    }

    public sealed class LSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
    {
        private readonly RecurrentShape _shape;
        private readonly RecurrentWeights _weights;

        internal LSTM(RecurrentShape shape, Device? device, ScalarType? dtype) : base(nameof(LSTM))
        {
            _shape = shape;
            _weights = new(shape, 4, device, dtype);
            foreach (var (name, value) in _weights.All) register_parameter(name, value);
        }

        /// <summary>The output of the last layer, and the last hidden and cell states of every layer.</summary>
        public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
        {
            using var zero = h0_c0 is null ? _shape.InitialState(input) : null;
            var (hidden, cell) = h0_c0 ?? (zero!, zero!);
            using var batched = input.ndim == 2 ? input.unsqueeze(_shape.BatchFirst ? 0 : 1) : null;
            if (batched is null) return Run(input, hidden, cell);
            using var scope = NewDisposeScope();
            var (output, h, c) = Run(batched, hidden.unsqueeze(1), cell.unsqueeze(1));
            return scope.MoveToOuter(output.squeeze(_shape.BatchFirst ? 0 : 1), h.squeeze(1), c.squeeze(1));
        }

        public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

#pragma warning disable CA1822 // It belongs to the object in TorchSharp. On the CPU the weights need not lie side by side.
        public void flatten_parameters()
        {
        }
#pragma warning restore CA1822

        private (Tensor, Tensor, Tensor) Run(Tensor input, Tensor hidden, Tensor cell) => Aten.lstm_input.Triple(input,
            new[] { hidden, cell }, _weights.Tensors, _shape.Bias, _shape.Layers, _shape.Dropout, training, _shape.Bidirectional,
            _shape.BatchFirst);
    }

    public sealed class GRU : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
    {
        private readonly RecurrentShape _shape;
        private readonly RecurrentWeights _weights;

        internal GRU(RecurrentShape shape, Device? device, ScalarType? dtype) : base(nameof(GRU))
        {
            _shape = shape;
            _weights = new(shape, 3, device, dtype);
            foreach (var (name, value) in _weights.All) register_parameter(name, value);
        }

        /// <summary>The output of the last layer, and the last hidden state of every layer.</summary>
        public override (Tensor, Tensor) forward(Tensor input, Tensor? h0 = null)
        {
            using var zero = h0 is null ? _shape.InitialState(input) : null;
            return Aten.gru_input.Pair(input, h0 ?? zero, _weights.Tensors, _shape.Bias, _shape.Layers, _shape.Dropout, training,
                _shape.Bidirectional, _shape.BatchFirst);
        }

        public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

#pragma warning disable CA1822 // It belongs to the object in TorchSharp. On the CPU the weights need not lie side by side.
        public void flatten_parameters()
        {
        }
#pragma warning restore CA1822
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static LSTM LSTM(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false,
                double dropout = 0.0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional), device, dtype);

            public static GRU GRU(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false,
                double dropout = 0.0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional), device, dtype);
        }
    }
}
