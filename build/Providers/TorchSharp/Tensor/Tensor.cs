using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch. Disposing it frees the memory at once; a finalizer does when nobody disposed it.</summary>
    public partial class Tensor : IDisposable
    {
        private static long s_total, s_peak;
        private nint _handle;

        /// <summary>Takes over an owned native tensor.</summary>
        internal Tensor(nint handle)
        {
            _handle = handle;
            var total = Interlocked.Increment(ref s_total);
            if (total > s_peak) s_peak = total;
            OwningDisposeScope = DisposeScopeManager.ThreadSingleton.Register(this);
        }

        /// <summary>Takes over what another object held, and its place in a scope.</summary>
        private protected Tensor(Tensor source, DisposeScope? scope)
        {
            Interlocked.Increment(ref s_total);
            _handle = source.DecoupleFromNativeHandle();
            OwningDisposeScope = scope;
            scope?.Add(this);
        }

        ~Tensor() => Dispose(false);

        public static long TotalCount => s_total;

        public static long PeakCount => s_peak;

        public string? name { get; set; }

        public bool IsInvalid => _handle == 0;

        public nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        internal DisposeScope? OwningDisposeScope { get; set; }

        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (_handle == 0) return;
            // The finalizer's thread is nobody's: its statistics are not kept, and a finalized tensor is in no scope that lives.
            if (disposing)
            {
                DisposeScopeManager.ThreadSingleton.Disposing(this);
                OwningDisposeScope?.MarkAsDisposed(this);
            }
            Release();
        }

        /// <summary>Called by the owning scope, which forgets all its tensors at once afterwards.</summary>
        internal void DisposeByScope()
        {
            if (_handle == 0) return;
            DisposeScopeManager.ThreadSingleton.Disposing(this);
            OwningDisposeScope = null;
            Release();
            GC.SuppressFinalize(this);
        }

        private void Release()
        {
            Interlocked.Decrement(ref s_total);
            var handle = _handle;
            _handle = 0;
            Native.mt_tensor_release(handle);
        }

        /// <summary>Gives the native tensor away: the caller releases it, this object is empty afterwards.</summary>
        public nint DecoupleFromNativeHandle()
        {
            GC.SuppressFinalize(this);
            var handle = Handle;
            OwningDisposeScope?.MarkAsDisposed(this);
            Interlocked.Decrement(ref s_total);
            _handle = 0;
            return handle;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is not null) OwningDisposeScope.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>Same shape and same elements.</summary>
        public bool Equals(Tensor target) => Aten.equal.Bool(this, target);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}
