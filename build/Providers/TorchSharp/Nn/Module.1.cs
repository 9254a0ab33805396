namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract class Module<T, TResult>
            : HookableModule<Func<Module<T, TResult>, T, T>,
                Func<Module<T, TResult>, T, TResult, TResult>>, IModule<T, TResult>
        {
            protected Module(string name) : base(name)
            {
            }

            public abstract TResult forward(T input);

            /// <summary>Runs forward between the hooks.</summary>
            public TResult call(T input)
            {
                foreach (var hook in BeforeHooks)
                {
                    if (hook is Action<Module> watcher) watcher(this);
                    else if (hook is Func<Module<T, TResult>, T, T> before) { if (before(this, input) is { } changed) input = changed; }
                }
                var result = forward(input);
                foreach (var hook in AfterHooks)
                {
                    if (hook is Action<Module> watcher) watcher(this);
                    else if (hook is Func<Module<T, TResult>, T, TResult, TResult> after && after(this, input, result) is { } changed) result = changed;
                }
                return result;
            }
        }
    }
}
