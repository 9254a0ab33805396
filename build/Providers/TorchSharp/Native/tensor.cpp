// Lifetime and metadata of tensors.
#include "error.h"
#include "handle.h"
#include "mlperfedu_torch.h"

namespace mt {

std::string& last_error() {
    thread_local std::string text;
    return text;
}

}  // namespace mt

using mt::impl;

const char* mt_last_error() { return mt::last_error().c_str(); }

void mt_tensor_release(void* tensor) {
    c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(impl(tensor));
}

void* mt_tensor_retain(void* tensor) { return mt::release(mt::share(tensor)); }

void mt_tensor_info_get(void* tensor, mt_tensor_info* info) {
    auto shared = mt::share(tensor);
    auto sparse = shared.is_sparse();
    info->dim = shared.dim();
    info->numel = shared.numel();
    info->element_size = static_cast<int64_t>(shared.element_size());
    info->storage_offset = sparse ? 0 : shared.storage_offset();
    info->dtype = static_cast<int32_t>(shared.scalar_type());
    info->device_type = static_cast<int32_t>(shared.device().type());
    info->device_index = shared.device().index();
    info->requires_grad = shared.requires_grad();
    info->is_leaf = shared.is_leaf();
    info->is_contiguous = !sparse && shared.is_contiguous();
    info->is_sparse = sparse;
}

int64_t mt_tensor_dim(void* tensor) { return impl(tensor)->dim(); }

int64_t mt_tensor_numel(void* tensor) { return impl(tensor)->numel(); }

int32_t mt_tensor_dtype(void* tensor) { return static_cast<int32_t>(c10::typeMetaToScalarType(impl(tensor)->dtype())); }

int64_t mt_tensor_size(void* tensor, int64_t dim) {
    return mt::guarded(int64_t{-1}, [&] { return impl(tensor)->size(dim); });
}

void mt_tensor_sizes(void* tensor, int64_t* sizes) {
    for (auto size : impl(tensor)->sizes()) *sizes++ = size;
}

int32_t mt_tensor_strides(void* tensor, int64_t* strides) {
    return mt::guarded(-1, [&] {
        for (auto stride : impl(tensor)->strides()) *strides++ = stride;
        return 0;
    });
}

void* mt_tensor_data(void* tensor) {
    return mt::guarded(static_cast<void*>(nullptr), [&] { return mt::share(tensor).data_ptr(); });
}

void* mt_tensor_storage_data(void* tensor, int64_t* bytes) {
    return mt::guarded(static_cast<void*>(nullptr), [&]() -> void* {
        const auto& storage = impl(tensor)->storage();
        *bytes = static_cast<int64_t>(storage.nbytes());
        return const_cast<void*>(static_cast<const void*>(storage.data()));
    });
}
