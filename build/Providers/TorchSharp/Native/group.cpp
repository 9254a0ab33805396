// Groups of processes that exchange tensors: libtorch's c10d over Gloo, where this libtorch comes with Gloo's headers.
#include "error.h"
#include "handle.h"
#include "mlperfedu_torch.h"

#if __has_include(<gloo/context.h>) && __has_include(<torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>)
#define USE_C10D
#define USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <cstdlib>

namespace {

using c10d::ProcessGroupGloo;

struct Group {
    c10::intrusive_ptr<c10d::Store> store;
    c10::intrusive_ptr<ProcessGroupGloo> gloo;
};

std::chrono::milliseconds milliseconds(double seconds) { return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000)); }

// As PyTorch chooses: the interface that the user names, else the one of this host's name. On one host it is loopback.
std::shared_ptr<::gloo::transport::Device> device(const std::string& address) {
    if (const char* name = std::getenv("GLOO_SOCKET_IFNAME")) return ProcessGroupGloo::createDeviceForInterface(name);
    if (address == "localhost" || address.rfind("127.", 0) == 0) return ProcessGroupGloo::createDeviceForHostname(address);
    return ProcessGroupGloo::createDefaultDevice();
}

Group& group(void* pointer) { return *static_cast<Group*>(pointer); }

template <typename Start>
int32_t finish(Start&& start) {
    return mt::guarded(-1, [&] {
        start()->wait();
        return 0;
    });
}

}  // namespace

int32_t mt_group_available() { return 1; }

void* mt_group_join(const char* address, int32_t port, int32_t rank, int32_t size, double join_seconds, double answer_seconds) {
    return mt::guarded(static_cast<void*>(nullptr), [&]() -> void* {
        c10d::TCPStoreOptions meeting;
        meeting.port = static_cast<uint16_t>(port);
        meeting.isServer = rank == 0;
        meeting.numWorkers = static_cast<std::size_t>(size);
        meeting.timeout = milliseconds(join_seconds);
        auto joined = std::make_unique<Group>();
        joined->store = c10::make_intrusive<c10d::TCPStore>(address, meeting);
        auto options = ProcessGroupGloo::Options::create(milliseconds(answer_seconds));
        options->devices.push_back(device(address));
        joined->gloo = c10::make_intrusive<ProcessGroupGloo>(joined->store, rank, size, options);
        return joined.release();
    });
}

int32_t mt_group_sum(void* joined, void* tensor) {
    std::vector<at::Tensor> tensors{mt::share(tensor)};
    return finish([&] { return group(joined).gloo->allreduce(tensors); });
}

int32_t mt_group_broadcast(void* joined, void* tensor, int32_t root) {
    std::vector<at::Tensor> tensors{mt::share(tensor)};
    c10d::BroadcastOptions options;
    options.rootRank = root;
    return finish([&] { return group(joined).gloo->broadcast(tensors, options); });
}

int32_t mt_group_barrier(void* joined) {
    return finish([&] { return group(joined).gloo->barrier(); });
}

void mt_group_leave(void* joined) { delete static_cast<Group*>(joined); }

#else

// Asked only after mt_group_available.
int32_t mt_group_available() { return 0; }
void* mt_group_join(const char*, int32_t, int32_t, int32_t, double, double) { return nullptr; }
int32_t mt_group_sum(void*, void*) { return -1; }
int32_t mt_group_broadcast(void*, void*, int32_t) { return -1; }
int32_t mt_group_barrier(void*) { return -1; }
void mt_group_leave(void*) {}

#endif
