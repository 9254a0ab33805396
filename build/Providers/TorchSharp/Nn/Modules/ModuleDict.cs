using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Modules under names of the caller's choice, in order.</summary>
    public class ModuleDict<T> : nn.Module, IEnumerable<(string, T)> where T : nn.Module
    {
        private readonly OrderedDictionary<string, T> _items = [];

        public ModuleDict() : base(nameof(ModuleDict<>))
        {
        }

        public int Count => _items.Count;

        public bool IsReadOnly => false;

        public ICollection<string> Keys => _items.Keys;

        public ICollection<T> Values => _items.Values;

        public (string, T) this[int index]
        {
            get
            {
                var (key, value) = _items.GetAt(index);
                return (key, value);
            }
        }

        public T this[string key]
        {
            get => _items[key];
            set
            {
                Remove(key);
                Add(key, value);
            }
        }

        public void Add((string, T) item) => Add(item.Item1, item.Item2);

        public void Add(string key, T value)
        {
            register_module(key, value);
            _items.Add(key, value);
        }

        public bool Remove(string key)
        {
            register_module(key, null!);
            return _items.Remove(key);
        }

        public void clear()
        {
            RemoveModules();
            _items.Clear();
        }

        public void Clear() => clear();

        public bool ContainsKey(string key) => _items.ContainsKey(key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _items.TryGetValue(key, out value);

        public IEnumerator<(string, T)> items() => GetEnumerator();

        public IEnumerable<string> keys() => _items.Keys;

        public IEnumerable<T> values() => _items.Values;

        public IEnumerator<(string, T)> GetEnumerator() => _items.Select(pair => (pair.Key, pair.Value)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        protected override void RegisterComponents()
        {
            // The items are registered as they are added; there are no fields to look for.
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
            public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

            public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
            {
                var all = new ModuleDict<T>();
                foreach (var module in modules) all.Add(module);
                return all;
            }
        }
    }
}
