// State of the thread and the process: modes, random numbers, threads, versions.
#include "error.h"
#include "handle.h"
#include "mlperfedu_torch.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>

#include <mutex>

namespace {

at::Generator& generator(void* pointer) { return *static_cast<at::Generator*>(pointer); }

}  // namespace

int32_t mt_grad_enabled() { return c10::GradMode::is_enabled(); }

void mt_set_grad_enabled(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

void* mt_inference_mode_enter(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }

void mt_inference_mode_leave(void* mode) { delete static_cast<c10::InferenceMode*>(mode); }

int32_t mt_is_inference_mode() { return c10::InferenceMode::is_enabled(); }

void* mt_generator_default() {
    return mt::guarded(static_cast<void*>(nullptr),
                       [&]() -> void* { return new at::Generator(at::globalContext().defaultGenerator(c10::Device(c10::kCPU))); });
}

void* mt_generator_new(uint64_t seed) {
    return mt::guarded(static_cast<void*>(nullptr), [&]() -> void* { return new at::Generator(at::detail::createCPUGenerator(seed)); });
}

void mt_generator_release(void* pointer) { delete static_cast<at::Generator*>(pointer); }

void mt_generator_seed(void* pointer, uint64_t seed) {
    std::lock_guard<std::mutex> lock(generator(pointer).mutex());
    generator(pointer).set_current_seed(seed);
}

uint64_t mt_generator_initial_seed(void* pointer) {
    std::lock_guard<std::mutex> lock(generator(pointer).mutex());
    return generator(pointer).current_seed();
}

void* mt_generator_get_state(void* pointer) {
    return mt::guarded(static_cast<void*>(nullptr), [&] {
        std::lock_guard<std::mutex> lock(generator(pointer).mutex());
        return mt::release(generator(pointer).get_state());
    });
}

int32_t mt_generator_set_state(void* pointer, void* state) {
    return mt::guarded(-1, [&] {
        std::lock_guard<std::mutex> lock(generator(pointer).mutex());
        generator(pointer).set_state(mt::share(state));
        return 0;
    });
}

const char* mt_libtorch_version() { return TORCH_VERSION; }

const char* mt_build_settings() {
    thread_local std::string text;
    text = at::show_config() + at::get_parallel_info();
    return text.c_str();
}

int32_t mt_get_num_threads() { return at::get_num_threads(); }

void mt_set_num_threads(int32_t count) { at::set_num_threads(count); }

int32_t mt_get_num_interop_threads() { return at::get_num_interop_threads(); }

int32_t mt_set_num_interop_threads(int32_t count) {
    return mt::guarded(-1, [&] {
        at::set_num_interop_threads(count);
        return 0;
    });
}
