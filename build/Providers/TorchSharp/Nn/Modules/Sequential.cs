using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Modules one after the other.</summary>
    public class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly List<(string Name, nn.IModule<Tensor, Tensor> Module)> _stages = [];

        internal Sequential() : base(nameof(Sequential))
        {
        }

        public int Count => _stages.Count;

        public nn.IModule<Tensor, Tensor> this[int index] => _stages[index].Module;

        /// <summary>A part that shares its modules with this one.</summary>
        public Sequential this[Range index]
        {
            get
            {
                var (start, length) = index.GetOffsetAndLength(Count);
                var part = new Sequential();
                foreach (var (name, module) in _stages.GetRange(start, length)) part.append(name, module);
                return part;
            }
        }

        public Sequential append(nn.IModule<Tensor, Tensor> module) => append(Count.ToString(), module);

        public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
        {
            register_module(name, (nn.Module)module);
            _stages.Add((name, module));
            return this;
        }

        public override Tensor forward(Tensor tensor)
        {
            // An empty one hands out an object of its own, which the caller may dispose.
            if (_stages.Count == 0) return tensor.alias();
            var current = tensor;
            foreach (var (_, module) in _stages)
            {
                var next = module.call(current);
                if (!ReferenceEquals(current, tensor) && !ReferenceEquals(current, next)) current.Dispose();
                current = next;
            }
            return current;
        }
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new();

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
                Sequential((IEnumerable<(string, Module<Tensor, Tensor>)>)modules);

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) =>
                Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            public static Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) =>
                Sequential(modules.Select(pair => (pair.Item1, pair.Item2)));

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules)
            {
                var all = new Sequential();
                foreach (var (name, module) in modules) all.append(name, module);
                return all;
            }

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                var all = new Sequential();
                foreach (var module in modules) all.append(module);
                return all;
            }
        }
    }
}
