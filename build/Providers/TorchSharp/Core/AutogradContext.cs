namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What the forward pass of a function leaves for its backward pass.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> _data = [];

            internal AutogradContext()
            {
            }

            internal List<Tensor> ToSave { get; private set; } = [];
            internal List<Tensor> Dirty { get; private set; } = [];
            internal List<Tensor> NonDifferentiable { get; private set; } = [];

            /// <summary>The saved tensors while a backward pass runs.</summary>
            internal List<Tensor> Unpacked { get; set; } = [];

            public bool MaterializeGrads { get; private set; } = true;

            public void save_for_backward(List<Tensor> tensors) => ToSave = tensors;

            /// <summary>For anything that is no tensor; a tensor kept here would never be freed.</summary>
            public void save_data(string key, object value) => _data[key] = value;

            public object? get_data(string key) => _data.GetValueOrDefault(key);

            public void mark_dirty(List<Tensor> tensors) => Dirty = tensors;

            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiable = tensors;

            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            public List<Tensor> get_saved_variables() => Unpacked;

            /// <summary>Lets go of the tensors that the forward pass named: libtorch keeps them from then on.</summary>
            internal void ForgetTensors() => (ToSave, Dirty, NonDifferentiable) = ([], [], []);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing) => _data.Clear();
        }
    }
}
