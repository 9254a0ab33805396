using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Parameters under the names 0, 1, 2 …</summary>
    public class ParameterList : nn.Module, IList<Parameter>
    {
        private readonly List<Parameter> _items = [];

        public ParameterList(params Parameter[] parameters) : base(nameof(ParameterList)) => extend(parameters);

        public int Count => _items.Count;

        public bool IsReadOnly => false;

        public Parameter this[int index]
        {
            get => _items[index];
            set
            {
                _items[index] = value;
                ConditionallyRegisterParameter(index.ToString(), value);
            }
        }

        public void Add(Parameter item)
        {
            register_parameter(Count.ToString(), item);
            _items.Add(item);
        }

        public void append(params Parameter[] parameters) => extend(parameters);

        public void extend(IEnumerable<Parameter> parameters)
        {
            foreach (var parameter in parameters) Add(parameter);
        }

        public void Insert(int index, Parameter item) => Change(() => _items.Insert(index, item));

        public bool Remove(Parameter item)
        {
            var index = IndexOf(item);
            if (index >= 0) RemoveAt(index);
            return index >= 0;
        }

        public void RemoveAt(int index) => Change(() => _items.RemoveAt(index));

        public void Clear() => Change(_items.Clear);

        public bool Contains(Parameter item) => IndexOf(item) >= 0;

        // By object: tensors compare by their elements.
        public int IndexOf(Parameter item) => _items.FindIndex(own => ReferenceEquals(own, item));

        public void CopyTo(Parameter[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        public IEnumerator<Parameter> GetEnumerator() => _items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private void Change(Action change)
        {
            for (var i = 0; i < _items.Count; i++) ConditionallyRegisterParameter(i.ToString(), (Parameter?)null);
            change();
            for (var i = 0; i < _items.Count; i++) ConditionallyRegisterParameter(i.ToString(), _items[i]);
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
            public static ParameterList ParameterList(params Parameter[] parameters) => new(parameters);
        }
    }
}
