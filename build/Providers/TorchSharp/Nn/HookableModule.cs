namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose calls can be watched and changed from outside.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            protected HookableModule(string name) : base(name)
            {
            }

            private protected List<TPreHook> PreHooks { get; } = [];

            private protected List<TPostHook> PostHooks { get; } = [];

            private protected List<Action<Module>> ModulePreHooks { get; } = [];

            private protected List<Action<Module>> ModulePostHooks { get; } = [];

            public HookRemover register_forward_hook(TPostHook hook) => Add(PostHooks, hook);

            public HookRemover register_forward_pre_hook(TPreHook hook) => Add(PreHooks, hook);

            public HookRemover register_forward_hook(Action<Module> hook) => Add(ModulePostHooks, hook);

            public HookRemover register_forward_pre_hook(Action<Module> hook) => Add(ModulePreHooks, hook);

            private static HookRemover Add<T>(List<T> hooks, T hook)
            {
                hooks.Add(hook);
                return new(() => hooks.Remove(hook));
            }

            public class HookRemover
            {
                private readonly Action _remove;

                internal HookRemover(Action remove) => _remove = remove;

                public void remove() => _remove();
            }
        }
    }
}
