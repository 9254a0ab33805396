// Keeps freed tensor memory for the next tensor of about the same size.
//
// A training step frees and allocates the same blocks again and again. Handed back to the system, each large block is mapped
// afresh and every page of it faults on first touch, which costs more than many operators do. Blocks are rounded up to one of
// eight sizes per power of two (at most 12.5 % waste) and kept in one list per size. The lists are bounded: when a freed block
// does not fit any more, everything kept is given back first, so sizes that are no longer in use cannot stay for ever.
#include "error.h"
#include "mlperfedu_torch.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>

#ifdef __GLIBC__
#include <malloc.h>
#endif
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace mt {
namespace {

constexpr size_t alignment = 64;
constexpr size_t huge_page = size_t{1} << 21;
constexpr int first_shift = 6;
constexpr int steps = 8;
constexpr int bucket_count = (48 - first_shift) * steps;

// Lies in front of the memory handed out, in a cache line of its own so that the alignment stays.
struct alignas(alignment) Block {
    Block* next;
    void* start;
    int bucket;
};

struct alignas(alignment) Bucket {
    std::mutex lock;
    Block* first = nullptr;
};

std::array<Bucket, bucket_count> buckets;
std::atomic<int64_t> limit{0}, cached{0}, in_use{0}, hits{0}, misses{0};

int bucket_of(size_t bytes) {
    if (bytes <= (size_t{1} << first_shift)) return 0;
    int shift = 63 - __builtin_clzll(bytes - 1);
    auto step = static_cast<int>((bytes - 1) >> (shift - 3)) & (steps - 1);
    return (shift - first_shift) * steps + step + 1;
}

size_t size_of(int bucket) {
    if (bucket == 0) return size_t{1} << first_shift;
    int shift = (bucket - 1) / steps + first_shift;
    auto step = static_cast<size_t>((bucket - 1) % steps + 1);
    return (size_t{1} << shift) + step * ((size_t{1} << shift) / steps);
}

Block* fresh(int bucket) {
    auto bytes = size_of(bucket) + sizeof(Block);
    auto large = bytes >= huge_page;
    if (large) bytes = (bytes + huge_page - 1) / huge_page * huge_page;
    void* start = nullptr;
    if (posix_memalign(&start, large ? huge_page : alignment, bytes) != 0) return nullptr;
#ifdef __linux__
    if (large) madvise(start, bytes, MADV_HUGEPAGE);
#endif
    auto* block = static_cast<Block*>(start);
    block->start = start;
    block->bucket = bucket;
    return block;
}

void give_back_everything() {
    for (int i = 0; i < bucket_count; i++) {
        Block* block;
        {
            std::lock_guard<std::mutex> guard(buckets[i].lock);
            block = buckets[i].first;
            buckets[i].first = nullptr;
        }
        while (block != nullptr) {
            auto* next = block->next;
            cached -= static_cast<int64_t>(size_of(i));
            free(block->start);
            block = next;
        }
    }
}

// libtorch also gives back what an allocation of no bytes was: nothing.
void give_back(void* memory) {
    if (memory == nullptr) return;
    auto* block = static_cast<Block*>(memory) - 1;
    auto bytes = static_cast<int64_t>(size_of(block->bucket));
    in_use -= bytes;
    if (bytes > limit) return free(block->start);
    if (cached + bytes > limit) give_back_everything();
    cached += bytes;
    auto& bucket = buckets[block->bucket];
    std::lock_guard<std::mutex> guard(bucket.lock);
    block->next = bucket.first;
    bucket.first = block;
}

void* take(size_t bytes) {
    auto index = bucket_of(bytes);
    auto& bucket = buckets[index];
    Block* block;
    {
        std::lock_guard<std::mutex> guard(bucket.lock);
        block = bucket.first;
        if (block != nullptr) bucket.first = block->next;
    }
    auto size = static_cast<int64_t>(size_of(index));
    if (block != nullptr) {
        cached -= size;
        hits++;
    } else {
        misses++;
        block = fresh(index);
        if (block == nullptr) {
            give_back_everything();
            block = fresh(index);
        }
        TORCH_CHECK(block != nullptr, "Not enough memory: a tensor needs ", bytes, " bytes, ", in_use.load(),
                    " bytes are held by others. Use a smaller batch.");
    }
    in_use += size;
    return block + 1;
}

struct CachingAllocator final : c10::Allocator {
    // Older and newer versions of libtorch differ in the const; the one that the base class declares overrides it.
    c10::DataPtr allocate(size_t bytes) const { return make(bytes); }
    c10::DataPtr allocate(size_t bytes) { return make(bytes); }

    c10::DeleterFnPtr raw_deleter() const override { return &give_back; }

    // Declared by the base class of newer versions only.
    void copy_data(void* target, const void* source, size_t bytes) const { std::memcpy(target, source, bytes); }

private:
    static c10::DataPtr make(size_t bytes) {
        auto device = c10::Device(c10::DeviceType::CPU);
        if (bytes == 0) return {nullptr, nullptr, &give_back, device};
        auto* memory = take(bytes);
        return {memory, memory, &give_back, device};
    }
};

}  // namespace
}  // namespace mt

int32_t mt_keep_large_blocks() {
#ifdef __GLIBC__
    constexpr int gibibyte = 1 << 30;
    return mallopt(M_MMAP_THRESHOLD, gibibyte) && mallopt(M_TRIM_THRESHOLD, gibibyte) && mallopt(M_TOP_PAD, 64 << 20);
#else
    return 0;
#endif
}

int32_t mt_cache_limit(int64_t bytes) {
    // Never destroyed: tensors may outlive every static object.
    static auto* allocator = new mt::CachingAllocator();
    mt::limit = bytes;
    if (bytes == 0) mt::give_back_everything();
    else if (c10::GetCPUAllocator() != allocator) c10::SetCPUAllocator(allocator, 1);
    return c10::GetCPUAllocator() == allocator;
}

void mt_release_unused() {
    mt::give_back_everything();
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void mt_cache_counters(int64_t* cached, int64_t* in_use, int64_t* hits, int64_t* misses) {
    *cached = mt::cached;
    *in_use = mt::in_use;
    *hits = mt::hits;
    *misses = mt::misses;
}
