// Tensors in libtorch's own file format.
#include "error.h"
#include "handle.h"
#include "mlperfedu_torch.h"

#include <torch/csrc/api/include/torch/serialize/input-archive.h>
#include <torch/csrc/api/include/torch/serialize/output-archive.h>

int32_t mt_tensor_save(void* tensor, const char* path) {
    return mt::guarded(-1, [&] {
        torch::serialize::OutputArchive archive;
        archive.write("0", mt::share(tensor));
        archive.save_to(std::string(path));
        return 0;
    });
}

void* mt_tensor_load(const char* path) {
    return mt::guarded(static_cast<void*>(nullptr), [&] {
        torch::serialize::InputArchive archive;
        archive.load_from(std::string(path));
        at::Tensor tensor;
        archive.read("0", tensor);
        return mt::release(std::move(tensor));
    });
}
