// Tensors cross the boundary as pointers that own one reference.
#pragma once

#include <ATen/core/Tensor.h>

namespace mt {

inline void* release(at::Tensor&& tensor) {
    return tensor.defined() ? static_cast<void*>(tensor.unsafeReleaseTensorImpl()) : nullptr;
}

// A second reference to a borrowed tensor; an undefined tensor for NULL.
inline at::Tensor share(void* borrowed) {
    if (borrowed == nullptr) return at::Tensor();
    return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::unsafe_reclaim_from_nonowning(
        static_cast<c10::TensorImpl*>(borrowed)));
}

inline c10::TensorImpl* impl(void* borrowed) { return static_cast<c10::TensorImpl*>(borrowed); }

}  // namespace mt
