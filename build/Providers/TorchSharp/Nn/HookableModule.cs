namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose calls can be watched and changed from outside.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
            where TPreHook : Delegate where TPostHook : Delegate
        {
            protected HookableModule(string name) : base(name)
            {
            }

            private protected List<Delegate> BeforeHooks { get; } = [];

            private protected List<Delegate> AfterHooks { get; } = [];

            public HookRemover register_forward_hook(TPostHook hook) => new(AfterHooks, hook);

            public HookRemover register_forward_pre_hook(TPreHook hook) => new(BeforeHooks, hook);

            public HookRemover register_forward_hook(Action<Module> hook) => new(AfterHooks, hook);

            public HookRemover register_forward_pre_hook(Action<Module> hook) => new(BeforeHooks, hook);

            public class HookRemover
            {
                private readonly List<Delegate> _hooks;
                private readonly Delegate _hook;

                internal HookRemover(List<Delegate> hooks, Delegate hook)
                {
                    (_hooks, _hook) = (hooks, hook);
                    hooks.Add(hook);
                }

                public void remove() => _hooks.Remove(_hook);
            }
        }
    }
}
